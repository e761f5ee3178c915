package reference

import "math/big"

// machineCases: §2 and the write-offs of §6.
var machineCases = []handCase{
	// Element 1 (3 min; its own durability is ignored) with part 2 (7 min, 20 min durable): d(1) = d(2) = 20, so V_20 = 10.
	// Commissioned @10. Allocation 1 from @10 to @14: ages 0–4, θ = 10·4/20 = 2. Allocation 2 @12–@16 overlaps and
	// begins at @14: 1. Allocation 3 has no end and production 2 ends @20: from @18, age 8–10: 1. T at k2 = @100: 10.
	{name: "allocations", ledger: `
elements element=1 value=3 durability=10
elements element=2 value=7 durability=20
element_parts element=1 part=2
mops mop=1 element=1 collective=1 commissioned=@10 common=false
productions production=1 time=@1 collective=1 common=false
productions production=2 time=@1 collective=1 common=false
mop_allocations allocation=1 production=1 mop=1 start=@10 end=@14 common=false repurposed=false
mop_allocations allocation=2 production=1 mop=1 start=@12 end=@16 common=false repurposed=false
mop_allocations allocation=3 production=2 mop=1 start=@18 common=false repurposed=false
outputs resource=1 time=@20 production=2 product_type=1 amount=1 common=false
mop_allocations allocation=4 production=2 mop=1 start=@21 common=false repurposed=false
`, want: `
! mop-origin mops 1
! mop-overlap mop_allocations 2
! after-output mop_allocations 4
element_values 1 durability=20 aggregate_value=10
value_transfers 1 value=2
value_transfers 2 value=1
value_transfers 3 value=1
value_transfers 4 value=0
production_values 1 transferred=3 unassigned=3
resource_values 1 value=1
mop_values 1 value=10 transferred=10 remaining=0
parity 1 mop_remaining=0
`},
	// An allocation inside of an earlier one overlaps and gets nothing; one that ends before it starts does neither.
	{name: "overlap inside", ledger: `
elements element=1 value=90 durability=90
mops mop=1 element=1 collective=1 commissioned=@0 common=false
productions production=1 time=@1 collective=1 common=false
mop_allocations allocation=1 production=1 mop=1 start=@10 end=@20 common=false repurposed=false
mop_allocations allocation=2 production=1 mop=1 start=@11 end=@15 common=false repurposed=false
mop_allocations allocation=3 production=1 mop=1 start=@12 end=@12 common=false repurposed=false
mop_allocations allocation=4 production=1 mop=1 start=@20 end=@30 common=false repurposed=false
`, want: `
! mop-origin mops 1
! mop-overlap mop_allocations 2
value_transfers 1 value=10
value_transfers 2 value=0
value_transfers 3 value=0
value_transfers 4 value=10
`},
	// Durabilities 0 and null: V_0 is given with the first minute; a null anywhere makes it no MoP.
	{name: "durabilities", ledger: `
elements element=1 value=5 durability=0
elements element=2 value=5
elements element=3 value=4
element_parts element=3 part=2
mops mop=1 element=1 collective=1 commissioned=@0 common=false
mops mop=2 element=3 collective=1 commissioned=@0 common=false
productions production=1 time=@0 collective=1 common=false
mop_allocations allocation=1 production=1 mop=1 start=@0 end=@1 common=false repurposed=false
mop_allocations allocation=2 production=1 mop=2 start=@0 end=@9 common=false repurposed=false
write_offs write_off=1 time=@5 collective=1 mop=2 value=3
`, want: `
! mop-origin mops 1
! mop-origin mops 2
! no-durability mop_allocations 2
! no-durability write_offs 1
value_transfers 1 value=5
value_transfers 2 value=0
mop_values 1 value=5 transferred=5 remaining=0
mop_values 2 value=9 transferred=0 remaining=0 written_off=0
revisions 1 w=0
`},
	// Commissioned out of a resource worth 10 with v* = 10: in order. The second one draws nothing more: overdraw, origin.
	{name: "origin", ledger: `
productions production=1 time=@1 collective=1 common=false
workloads workload=1 time=@1 production=1 collective=1 wallet=7 minutes=10 common=false
outputs resource=1 time=@2 production=1 product_type=1 amount=1 common=false
elements element=1 value=10 durability=50
mops mop=1 element=1 collective=1 commissioned=@3 common=false resource=1
mops mop=2 element=1 collective=2 commissioned=@4 common=false resource=1 amount=1
`, want: `
! overdraw mops 2
! not-owner mops 2
! mop-origin mops 2
resource_values 1 remaining_value=0
mop_values 1 transferred=10 remaining=0
`},
	// MoP 1 passes from 1 to 2 at @10; a transfer by 3, who does not own it, counts all the same and is reported.
	{name: "owners of MoPs", ledger: `
elements element=1 value=200 durability=200
mops mop=1 element=1 collective=1 commissioned=@0 common=true
mop_transfers transfer=1 time=@10 mop=1 from=1 to=2
mop_transfers transfer=2 time=@20 mop=1 from=3 to=1
productions production=1 time=@0 collective=1 common=true
mop_allocations allocation=1 production=1 mop=1 start=@9 end=@10 common=true repurposed=false
mop_allocations allocation=2 production=1 mop=1 start=@10 end=@11 common=true repurposed=false
write_offs write_off=1 time=@20 collective=2 mop=1
`, want: `
! mop-origin mops 1
! not-owner mop_transfers 2
! no-strong-trust mop_transfers 2
! not-owner mop_allocations 2
! not-owner write_offs 1
mop_values 1 transferred=20 written_off=180 remaining=0
revisions 1 w=0 c=0
`},
	// v* = 10, durability 10. MoP 1 written off at age 4: 6 left. MoP 2 at age 15: over = ⌊10·5/10⌋ = 5, −5 holds. MoP 3: −6
	// is clipped to −5. MoP 4 at age 4: 7 is clipped to 6, and the second write-off is left out. 5: none, 6: both.
	// A resource of 10 min and 5 units, 2 written off: 4 min; declared 5 → 4, −1 → 0. w = 6 + (−5) + (−5) + 6 + 4 + 0 = 6.
	{name: "write-offs", ledger: `
elements element=1 value=10 durability=10
mops mop=1 element=1 collective=1 commissioned=@0 common=false
mops mop=2 element=1 collective=1 commissioned=@0 common=false
mops mop=3 element=1 collective=1 commissioned=@0 common=false
mops mop=4 element=1 collective=1 commissioned=@0 common=false
write_offs write_off=1 time=@4 collective=1 mop=1
write_offs write_off=2 time=@15 collective=1 mop=2 value=-5
write_offs write_off=3 time=@15 collective=1 mop=3 value=-6
write_offs write_off=4 time=@4 collective=1 mop=4 value=7
write_offs write_off=5 time=@5 collective=2 mop=4 value=1
write_offs write_off=6 time=@5 collective=1
write_offs write_off=7 time=@5 collective=1 mop=1 resource=1
productions production=1 time=@1 collective=1 common=false
workloads workload=1 time=@1 production=1 collective=1 wallet=7 minutes=10 common=false
outputs resource=1 time=@2 production=1 product_type=1 amount=5 common=false
write_offs write_off=8 time=@6 collective=1 resource=1 amount=2 value=5
write_offs write_off=9 time=@7 collective=1 resource=1 amount=1 value=-1
`, want: `
! mop-origin mops 1
! mop-origin mops 2
! mop-origin mops 3
! mop-origin mops 4
! write-off-value write_offs 3
! write-off-value write_offs 4
! write-off-value write_offs 8
! write-off-value write_offs 9
! double-write-off write_offs 5
! bad-write-off write_offs 6
! bad-write-off write_offs 7
mop_values 1 transferred=4 written_off=6 remaining=0
mop_values 2 transferred=10 written_off=-5 remaining=0
mop_values 3 written_off=-5
mop_values 4 transferred=4 written_off=6
resource_values 1 remaining_amount=2 remaining_value=4
revisions 1 a=10 c=0 w=6 tax_numerator=3 tax_denominator=5 tax_rate=0.6 debt_out=0
coupons 1 coupon=4
`},
	// c: 10 common of 40, and θ of an exclusive repurposed MoP from k1 = @10 on: allocated @5–@15, v* = 100 over 100 min → 5.
	// V(p) has the whole 10. w: only the write-off in the period. The workload at k1 is outside, the one at k2 inside.
	{name: "taxes", ledger: `
elements element=1 value=100 durability=100
mops mop=1 element=1 collective=1 commissioned=@0 common=false
productions production=1 time=@1 collective=1 common=true
productions production=2 time=@1 collective=1 common=false
mop_allocations allocation=1 production=1 mop=1 start=@5 end=@15 common=true repurposed=true
workloads workload=1 time=@11 production=1 collective=1 wallet=7 minutes=10 common=true
workloads workload=2 time=@100 production=2 collective=1 wallet=7 minutes=30 common=false
workloads workload=3 time=@10 production=2 collective=1 wallet=7 minutes=5 common=false
outputs resource=1 time=@100 production=2 product_type=1 amount=7 common=false
write_offs write_off=1 time=@100 collective=1 resource=1 amount=1
`, want: `
! mop-origin mops 1
production_values 1 transferred=10
revisions 1 a=40 c=15 w=5 tax_numerator=1 tax_denominator=2 tax_rate=0.5
coupons 1 coupon=5
coupons 2 coupon=15
coupons 3 -
wallets 7/1 coupons=20
`, p: Params{After: 10 * 60_000_000}},
	// a = 10, w = 8, debt in 1: w' = 9; at most ⌊10/3⌋ = 3.333333 counts, 5.666667 is carried on.
	{name: "write-off limit and debt", ledger: writeOff8, want: `
revisions 1 a=10 w=8 debt_in=1 debt_out=5.666667 tax_numerator=3333333 tax_denominator=10000000
coupons 1 coupon=6.666667
`, p: Params{WriteoffLimit: big.NewRat(1, 3), DebtIn: map[string]*big.Int{"3": big.NewInt(2_000_000), "2": big.NewInt(-1_000_000)}}},
	// w' = 8 + 7 = 15 > a: all is taxed, 5 is carried on.
	{name: "more debt than labour", ledger: writeOff8, want: `
revisions 1 debt_in=7 debt_out=5 tax_numerator=1 tax_denominator=1 tax_rate=1
coupons 1 coupon=0
`, p: Params{DebtIn: map[string]*big.Int{"1": big.NewInt(7_000_000)}}},
	// No labour in the period ]5, 100]: no rate, no coupons, and 8 of write-offs are debt.
	{name: "no labour", ledger: writeOff8, want: `
revisions 1 a=0 w=8 debt_out=8 tax_numerator= tax_denominator= tax_rate=
coupons 1 -
wallets 7/1 coupons=0 balance=0
`, p: Params{After: 5 * 60_000_000}},
}

// writeOff8: 10 min of labour at @1 make 5 units; 4 of them (8 min) are written off at @6.
const writeOff8 = `
productions production=1 time=@1 collective=1 common=false
workloads workload=1 time=@1 production=1 collective=1 wallet=7 minutes=10 common=false
outputs resource=1 time=@2 production=1 product_type=1 amount=5 common=false
write_offs write_off=1 time=@6 collective=1 resource=1 amount=4
`
