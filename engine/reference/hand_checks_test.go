package reference

// checkCases: §0 and the first rules of §10.
var checkCases = []handCase{
	{name: "bad values", ledger: `
collectives collective=4 kind=c2x
collectives kind=c2c
product_types product_type=3
elements element=1 value=-1
elements element=2 value=1 durability=-1
elements element=3 value=0 durability=0
collectivizations resource=1 time=@1 collective=1 product_type=1 amount=0
collectivizations resource=2 time=@1 collective=1 product_type=1 amount=0.000001
collectivizations resource=3 collective=1 product_type=1 amount=1
write_offs write_off=1 time=@2 collective=1 resource=2 amount=-1
write_offs write_off=2 time=@2 collective=1 resource=2 value=0
appropriations appropriation=1 time=@2 wallet=1 collective=2 value=-1
value_estimations order=1 time=@2 collective=1
`, want: `
! bad-value collectives 4
! bad-value collectives
! bad-value product_types 3
! bad-value elements 1
! bad-value elements 2
! bad-value collectivizations 1
! bad-value collectivizations 3
! bad-value write_offs 1
! bad-value appropriations 1
! bad-value value_estimations 1/1970-01-01T00:02:00Z
element_values 3 aggregate_value=0 durability=0 subelements=0
element_values 1 -
resource_values 2 amount=0.000001 remaining_amount=0
`},
	// Texts compared: "…10…" < "…9…" bytewise, so of minutes 10 and 9 the 10 stays; "collectivizations…" < "outputs…".
	{name: "duplicates", ledger: `
productions production=1 time=@1 collective=1 common=false
workloads workload=1 time=@2 production=1 collective=1 wallet=1 minutes=9 common=false
workloads workload=1 time=@2 production=1 collective=1 wallet=1 minutes=10 common=false
workloads workload=2 time=@2 production=1 collective=1 wallet=1 minutes=4 common=false
workloads workload=2 time=@2 production=1 collective=1 wallet=1 minutes=4.00 common=false
workloads workload=2 time=@2 production=1 collective=1 wallet=1 minutes=4 common=0
trust a=2 b=1 since=@0
collectivizations resource=5 time=@3 collective=1 product_type=1 amount=6
outputs resource=5 time=@3 production=1 product_type=1 amount=7 common=false
`, want: `
! duplicate-id workloads 1
! duplicate-id workloads 2
! duplicate-id workloads 2
! duplicate-id trust 2/1/1970-01-01T00:00:00Z
! duplicate-id outputs 5
production_values 1 workloads=14 unassigned=14
resource_values 5 amount=6 value=0
`},
	// The transfer names no resource that exists, so resource 2 is not made, its dispatch falls, and the MoP's resource is
	// null (mop-origin). Orders are not in the export at all: no violation for naming one.
	{name: "dangling in turn", ledger: `
transfers transfer=1 time=@1 resource=1 new_resource=2 from=1 to=2 amount=1
dispatches dispatch=1 time=@2 collective=2 resource=2 amount=1
elements element=1 value=0 durability=5
mops mop=1 element=1 collective=1 commissioned=@1 common=false resource=2
productions production=1 time=@1 collective=1 common=false order=8
write_offs write_off=1 time=@1 collective=1 resource=77 mop=1
`, want: `
! dangling-reference transfers 1
! dangling-reference dispatches 1
! dangling-reference mops 1
! dangling-reference write_offs 1
! mop-origin mops 1
mop_values 1 written_off=0
`},
	// Two transfers that hold each other up stay, and move nothing.
	{name: "a ring holds itself up", ledger: `
transfers transfer=1 time=@1 resource=1 new_resource=2 from=1 to=1 amount=1
transfers transfer=2 time=@1 resource=2 new_resource=1 from=1 to=1 amount=1
`, want: `
! time-order transfers 1
! time-order transfers 2
resource_values 1 amount=0 value=0 product_type=
resource_values 2 amount=0 value=0 product_type=
`},
	// Resource 9 comes into being after k2 = @100, so for this batch its consumption at k2 dangles.
	{name: "as at k2", ledger: `
productions production=1 time=@1 collective=1 common=false
collectivizations resource=9 time=@101 collective=1 product_type=1 amount=6
consumptions consumption=1 time=@100 production=1 resource=9 amount=1 common=false
workloads workload=1 time=@100 production=1 collective=1 wallet=1 minutes=5 common=false
workloads workload=2 time=@101 production=1 collective=1 wallet=1 minutes=7 common=false
`, want: `
! dangling-reference consumptions 1
production_values 1 workloads=5
resource_values 9 -
`},
	{name: "element cycle", ledger: `
elements element=1 value=1 durability=9
elements element=2 value=2
elements element=3 value=4
elements element=4 value=8 durability=3
elements element=5 value=16
element_parts element=1 part=2
element_parts element=2 part=3
element_parts element=3 part=2
element_parts element=3 part=4
element_parts element=5 part=4
`, want: `
! element-cycle elements 1
! element-cycle elements 2
! element-cycle elements 3
element_values 1 durability= aggregate_value= subelements= value=1
element_values 4 durability=3 aggregate_value=8 subelements=0
element_values 5 durability=3 aggregate_value=24 subelements=1
`},
}

// trustCases: §5.
var trustCases = []handCase{
	{name: "strong trust", ledger: `
trust a=1 b=3 since=@10 until=@20
collectivizations resource=1 time=@1 collective=1 product_type=1 amount=9
transfers transfer=1 time=@9 resource=1 new_resource=2 from=1 to=3 amount=1
transfers transfer=2 time=@10 resource=1 new_resource=3 from=1 to=3 amount=1
transfers transfer=3 time=@20 resource=1 new_resource=4 from=1 to=3 amount=1
transfers transfer=4 time=@20 resource=1 new_resource=5 from=1 to=1 amount=1
orders order=1 time=@20 from=3 to=1 product_type=1 amount=1
`, want: `
! no-strong-trust transfers 1
! no-strong-trust transfers 3
! no-strong-trust orders 1
subsystems 3 subsystem=1
`},
	// At k1 = 0 all of 1–4 are one; at k2 collective 4 is apart. Exclusive stock: production 1 makes 10 min, 8 of its 10 units
	// stay at 1 (8 min), 2 units go to 4 (2 min), which has spent 3 min. Balances: {1,2,3} −8, {4} −3−2 = −5; Σ = −13.
	// Targets by stock 8 : 2 are −10.4 and −2.6, moves 2.4 and −2.4. The edge 5–6 ends at k2 and so is dead there; these two
	// have no stock and share −1 µmin equally: ⌊−1/2⌋ = −1, then 0.
	{name: "settlement", ledger: `
collectives collective=4 kind=c2i
collectives collective=5 kind=c2i
collectives collective=6 kind=c2c
trust a=1 b=4 since=@0 until=@50
trust a=6 b=5 since=@0 until=@100
trust a=4 b=1 since=@101
productions production=1 time=@1 collective=1 common=false
workloads workload=1 time=@2 production=1 collective=1 wallet=7 minutes=10 common=false
outputs resource=1 time=@3 production=1 product_type=1 amount=10 common=false
transfers transfer=1 time=@4 resource=1 new_resource=2 from=1 to=4 amount=2
appropriations appropriation=1 time=@5 wallet=7 collective=4 value=3
appropriations appropriation=2 time=@5 wallet=8 collective=5 value=0.000001
`, want: `
! overspend appropriations 1
! overspend appropriations 2
subsystems 3 subsystem=1
subsystems 4 subsystem=4
settlements 1/1 unspent=0 stock=8 balance=-8 target=-10.4 move=2.4
settlements 1/4 unspent=-3 stock=2 balance=-5 target=-2.6 move=-2.4
settlements 5/5 unspent=-0.000001 stock=0 balance=-0.000001 target=-0.000001 move=0
settlements 5/6 balance=0 target=0 move=0
averages 4/1 total_value=2 total_amount=2 average=1
averages 1/1 -
wallets 7/1 coupons=10 claimed=0 balance=0
wallets 7/4 coupons=0 appropriated=3 balance=-3
`},
}
