package reference

// productionCases: §3 and §4.
var productionCases = []handCase{
	// 10 min over 3 units, one each: ⌊10/3⌋, ⌊20/3⌋−⌊10/3⌋, rest, in millionths 3333333, 3333333, 3333334. The average is over
	// what is left at the C2I collective: nothing.
	{name: "cascade of draws", ledger: `
productions production=1 time=@1 collective=2 common=false
workloads workload=1 time=@1 production=1 collective=2 wallet=7 minutes=10 common=false
outputs resource=1 time=@2 production=1 product_type=1 amount=3 common=false
productions production=2 time=@3 collective=2 common=false
consumptions consumption=3 time=@4 production=2 resource=1 amount=1 common=false
transfers transfer=1 time=@4 resource=1 new_resource=2 from=2 to=3 amount=1
dispatches dispatch=1 time=@5 collective=2 resource=1 amount=1
`, want: `
production_values 2 consumed=3.333333 value=3.333333 unassigned=3.333333
resource_values 2 value=3.333333 remaining_value=3.333333 collective=3 product_type=1
resource_values 1 value=10 remaining_amount=0 remaining_value=0
averages 2/1 -
parity 1 work_in_progress=3.333333 exclusive_stock=3.333333 issued=10 unclaimed=10 difference=3.333334
`},
	// 10 units; 8 + 3: the second is clipped to 2 and moves 2; a third moves 0. A null amount takes what is left, here nothing,
	// and is no overdraw. Draws before @2 take nothing.
	{name: "overdraw and time order", ledger: `
collectivizations resource=1 time=@2 collective=1 product_type=1 amount=10
transfers transfer=1 time=@3 resource=1 new_resource=2 from=1 to=2 amount=8
transfers transfer=2 time=@4 resource=1 new_resource=3 from=1 to=2 amount=3
transfers transfer=3 time=@5 resource=1 new_resource=4 from=1 to=2 amount=1
transfers transfer=4 time=@1 resource=1 new_resource=5 from=1 to=2 amount=1
write_offs write_off=1 time=@6 collective=1 resource=1
dispatches dispatch=1 time=@9 collective=2 resource=5 amount=1
`, want: `
! overdraw transfers 2
! overdraw transfers 3
! overdraw dispatches 1
! time-order transfers 4
resource_values 2 amount=8
resource_values 3 amount=2
resource_values 4 amount=0 value=0
resource_values 5 amount=0 value=0 product_type=1
resource_values 1 remaining_amount=0
averages 1/1 total_value=0 total_amount=10 average=0
`},
	// At one time the ranks decide: consumption, transfer, dispatch, write-off, commissioning, so the MoP gets 6−1−1−1−1 = 2.
	{name: "ranks at one time", ledger: `
collectivizations resource=1 time=@2 collective=2 product_type=1 amount=6
elements element=1 value=0 durability=5
mops mop=1 element=1 collective=2 commissioned=@2 common=false resource=1 amount=3
write_offs write_off=1 time=@2 collective=2 resource=1 amount=1
dispatches dispatch=1 time=@2 collective=2 resource=1 amount=1
transfers transfer=1 time=@2 resource=1 new_resource=2 from=2 to=2 amount=1
productions production=1 time=@2 collective=2 common=false
consumptions consumption=1 time=@2 production=1 resource=1 amount=1 common=false
`, want: `
! overdraw mops 1
resource_values 1 remaining_amount=0
`},
	// Declared 1 : 2 : null share 10 min as 3.333333, 6.666667, 0. Declared values of production 2 sum to its 10 min exactly:
	// nothing to report. Production 3 declares 4 for its 10.
	{name: "declared values", ledger: `
productions production=1 time=@1 collective=1 common=false
workloads workload=1 time=@1 production=1 collective=1 wallet=7 minutes=10 common=false
outputs resource=1 time=@2 production=1 product_type=1 amount=3 common=false value=1
outputs resource=2 time=@2 production=1 product_type=2 amount=3 common=false value=2
outputs resource=3 time=@2 production=1 product_type=2 amount=3 common=false
productions production=2 time=@1 collective=1 common=false
workloads workload=2 time=@1 production=2 collective=1 wallet=7 minutes=10 common=false
outputs resource=4 time=@2 production=2 product_type=1 amount=3 common=false value=10
outputs resource=5 time=@2 production=2 product_type=1 amount=1 common=false value=0
productions production=3 time=@1 collective=1 common=false
workloads workload=3 time=@1 production=3 collective=1 wallet=7 minutes=10 common=false
outputs resource=6 time=@2 production=3 product_type=1 amount=3 common=false value=4
`, want: `
! output-value outputs 6
resource_values 1 value=3.333333
resource_values 2 value=6.666667
resource_values 3 value=0
production_values 1 declared=3 difference= unassigned=0
resource_values 4 value=10
resource_values 5 value=0
production_values 2 declared=10 difference=0
resource_values 6 value=10
production_values 3 declared=4 difference=-6
`},
	// Two types and nothing declared: unvalued, also through a transfer; drawn for 0. One type: by amount 1 : 3.
	{name: "unvalued outputs", ledger: `
productions production=1 time=@1 collective=2 common=false
workloads workload=1 time=@1 production=1 collective=2 wallet=7 minutes=10 common=false
outputs resource=1 time=@2 production=1 product_type=1 amount=3 common=false
outputs resource=2 time=@2 production=1 product_type=2 amount=3 common=false value=0
transfers transfer=1 time=@3 resource=1 new_resource=3 from=2 to=2 amount=2
productions production=2 time=@1 collective=2 common=false
workloads workload=2 time=@1 production=2 collective=2 wallet=7 minutes=10 common=false
consumptions consumption=1 time=@4 production=2 resource=3 amount=1 common=false
outputs resource=4 time=@4 production=2 product_type=1 amount=1 common=false value=0
outputs resource=5 time=@4 production=2 product_type=1 amount=3 common=false
`, want: `
! output-value outputs 1
! output-value outputs 2
resource_values 1 value= remaining_value= remaining_amount=1
resource_values 3 value= remaining_value= remaining_amount=1
production_values 1 value=10 unassigned=10 declared=0 difference=
production_values 2 consumed=0 value=10 unassigned=0
resource_values 4 value=2.5
resource_values 5 value=7.5
averages 1/1 total_value=10 total_amount=4 average=2.5
`},
	// Output at @5 ends it: work at @5 counts, at @6 does not (but is in a and the coupons), nor does the consumption at @6,
	// which still draws. The second output is late and shares all the same.
	{name: "after the output", ledger: `
productions production=1 time=@1 collective=1 common=false
workloads workload=1 time=@5 production=1 collective=1 wallet=7 minutes=10 common=false
workloads workload=2 time=@6 production=1 collective=1 wallet=7 minutes=30 common=false
outputs resource=1 time=@5 production=1 product_type=1 amount=1 common=false
outputs resource=2 time=@7 production=1 product_type=1 amount=1 common=false
collectivizations resource=3 time=@2 collective=1 product_type=1 amount=4
consumptions consumption=1 time=@6 production=1 resource=3 amount=1 common=false
`, want: `
! after-output workloads 2
! after-output consumptions 1
! output-time outputs 2
production_values 1 workloads=10 value=10
resource_values 1 value=5
resource_values 2 value=5
resource_values 3 remaining_amount=3
revisions 1 a=40
coupons 2 coupon=30
`},
	// 1 eats of 2 and 2 of 1, both at @5; 3 eats of 1 and is not on the cycle. 4 eats of itself. Their outputs are worth
	// nothing that is known, and V(3) is its own 1 min.
	{name: "production cycles", ledger: `
productions production=1 time=@1 collective=1 common=false
productions production=2 time=@1 collective=1 common=false
productions production=3 time=@1 collective=1 common=false
productions production=4 time=@1 collective=1 common=false
workloads workload=1 time=@1 production=1 collective=1 wallet=7 minutes=10 common=false
workloads workload=3 time=@1 production=3 collective=1 wallet=7 minutes=1 common=false
outputs resource=1 time=@5 production=1 product_type=1 amount=9 common=false
outputs resource=2 time=@5 production=2 product_type=1 amount=9 common=false
outputs resource=4 time=@5 production=4 product_type=1 amount=9 common=false
transfers transfer=1 time=@5 resource=2 new_resource=5 from=1 to=1 amount=9
consumptions consumption=1 time=@5 production=1 resource=5 amount=1 common=false
consumptions consumption=2 time=@5 production=2 resource=1 amount=1 common=false
consumptions consumption=3 time=@6 production=3 resource=1 amount=1 common=false
consumptions consumption=4 time=@5 production=4 resource=4 amount=1 common=false
outputs resource=6 time=@7 production=3 product_type=1 amount=1 common=false
`, want: `
! production-cycle productions 1
! production-cycle productions 2
! production-cycle productions 4
production_values 1 value=10 unassigned=10
production_values 3 value=1 consumed=0 unassigned=0
resource_values 1 value=
resource_values 5 value= amount=9 remaining_amount=8
resource_values 6 value=1
`},
	// The draw that would close the circle finds nothing left, so there is no circle: 2 made of nothing has 0, and 1 has 10.
	{name: "an empty draw closes no cycle", ledger: `
productions production=1 time=@1 collective=1 common=false
productions production=2 time=@1 collective=1 common=false
workloads workload=1 time=@1 production=1 collective=1 wallet=7 minutes=10 common=false
outputs resource=1 time=@5 production=1 product_type=1 amount=9 common=false
outputs resource=2 time=@5 production=2 product_type=1 amount=9 common=false
consumptions consumption=1 time=@5 production=2 resource=1 amount=9 common=false
productions production=3 time=@1 collective=1 common=false
consumptions consumption=2 time=@5 production=3 resource=2 amount=9 common=false
consumptions consumption=3 time=@5 production=1 resource=2 amount=1 common=false
`, want: `
! overdraw consumptions 3
production_values 1 value=10
production_values 2 value=10
production_values 3 consumed=10
resource_values 2 value=10 remaining_value=0
`},
	{name: "a transfer into itself", ledger: `
transfers transfer=1 time=@5 resource=1 new_resource=1 from=1 to=1 amount=9
dispatches dispatch=1 time=@5 collective=1 resource=1 amount=1
`, want: `
! time-order transfers 1
! overdraw dispatches 1
! not-c2i dispatches 1
resource_values 1 amount=0 value=0 product_type=
`},
	// Owners: resource 1 is of 1, and what is made in production 2 is of 2.
	{name: "owners", ledger: `
collectivizations resource=1 time=@1 collective=1 product_type=1 amount=10
recoveries resource=2 time=@1 collective=2 product_type=1 amount=10 from_type=2
productions production=2 time=@1 collective=2 common=false
consumptions consumption=1 time=@2 production=2 resource=1 amount=1 common=false
outputs resource=3 time=@3 production=2 product_type=1 amount=1 common=false
transfers transfer=1 time=@4 resource=3 new_resource=4 from=1 to=2 amount=1
dispatches dispatch=1 time=@4 collective=1 resource=2 amount=1
dispatches dispatch=2 time=@4 collective=2 resource=2 amount=1
write_offs write_off=1 time=@4 collective=2 resource=1 amount=1
workloads workload=1 time=@1 production=2 collective=1 wallet=7 minutes=0 common=false
appropriations appropriation=1 time=@4 wallet=7 collective=3 value=0
`, want: `
! not-owner consumptions 1
! not-owner transfers 1
! not-owner dispatches 1
! not-c2i dispatches 1
! not-owner write_offs 1
! collective-mismatch workloads 1
! not-c2i appropriations 1
resource_values 1 remaining_amount=8
`},
	// Type 2 is common, so resource 2 is; a transferred one inherits.
	{name: "separation", ledger: `
collectivizations resource=1 time=@1 collective=1 product_type=1 amount=10
collectivizations resource=2 time=@1 collective=1 product_type=2 amount=10
transfers transfer=1 time=@1 resource=2 new_resource=3 from=1 to=1 amount=5
productions production=1 time=@1 collective=1 common=true
productions production=2 time=@1 collective=1 common=false
consumptions consumption=1 time=@2 production=1 resource=1 amount=1 common=true
consumptions consumption=2 time=@2 production=1 resource=3 amount=1 common=true
consumptions consumption=3 time=@2 production=2 resource=3 amount=1 common=false
consumptions consumption=4 time=@2 production=2 resource=1 amount=1 common=true
workloads workload=1 time=@2 production=1 collective=1 wallet=7 minutes=1 common=false
outputs resource=4 time=@3 production=1 product_type=1 amount=1 common=false
`, want: `
! separation consumptions 1
! separation consumptions 3
! separation consumptions 4
! separation workloads 1
! separation outputs 4
`},
	// 4 units of 10 min at collective 2, 3 of 0 at collective 1 (not C2I): 10/4. Of 7 min over 3 units: 2.333333.
	{name: "averages", ledger: `
productions production=1 time=@1 collective=2 common=false
workloads workload=1 time=@1 production=1 collective=2 wallet=7 minutes=7 common=false
outputs resource=1 time=@2 production=1 product_type=1 amount=3 common=false
collectivizations resource=2 time=@1 collective=1 product_type=1 amount=3
productions production=2 time=@1 collective=2 common=false
workloads workload=2 time=@1 production=2 collective=2 wallet=7 minutes=0.000005 common=false
outputs resource=3 time=@2 production=2 product_type=2 amount=2 common=false
`, want: `
averages 1/1 total_value=7 total_amount=3 average=2.333333
averages 1/2 total_value=0.000005 total_amount=2 average=0.000002
`},
}
