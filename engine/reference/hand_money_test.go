package reference

// work30: three workloads of 10 min, at @1, @2 and @3, of collective 1; the third is common. A rate of 1/3 if all are revised.
const work30 = `
productions production=1 time=@1 collective=1 common=false
productions production=2 time=@1 collective=1 common=true
workloads workload=1 time=@1 production=1 collective=1 wallet=7 minutes=10 common=false
workloads workload=2 time=@2 production=1 collective=1 wallet=8 minutes=10 common=false
workloads workload=3 time=@3 production=2 collective=1 wallet=7 minutes=10 common=true
`

// moneyCases: §7.
var moneyCases = []handCase{
	// V = 20 over 30: ⌊20·10/30⌋ = 6.666666, 6.666667, 6.666667.
	{name: "coupons by cascade", ledger: work30, want: `
revisions 1 tax_numerator=1 tax_denominator=3 tax_rate=0.3333333333333333
coupons 1 coupon=6.666666 wallet=7 subsystem=1 minutes=10
coupons 2 coupon=6.666667
coupons 3 coupon=6.666667
wallets 7/1 coupons=13.333333 claimed=0
parity 1 issued=20 unclaimed=20 work_in_progress=20 difference=0
`},
	{name: "coupons by floor", ledger: work30, want: `
coupons 1 coupon=6.666666
coupons 2 coupon=6.666666
coupons 3 coupon=6.666666
parity 1 issued=19.999998
`, p: Params{Rounding: "floor"}},
	// Recorded: ]0, @2] at 1/3 gives workloads 1 and 2 a V of ⌊20·2/3⌋ = 13.333333: 6.666666, 6.666667. This period ]@2, @100]:
	// workload 3, common: rate 1, coupon 0. Claim 1 is good; 2 has another's wallet, 3 comes second, 4 is not of the segment.
	// Spending 5 leaves 1.666666; 1.666667 more is an overspend; the claim at @60 comes before the spending at @60.
	{name: "claims", ledger: work30 + `
revisions revision=1 after=@0 until=@2 subsystem=2 tax_numerator=1 tax_denominator=3
coupon_claims claim=1 time=@50 wallet=7 workload=1 revision=1
coupon_claims claim=2 time=@50 wallet=7 workload=2 revision=1
coupon_claims claim=3 time=@51 wallet=7 workload=1 revision=1
coupon_claims claim=4 time=@50 wallet=7 workload=3 revision=1
coupon_claims claim=5 time=@60 wallet=8 workload=2 revision=1
appropriations appropriation=1 time=@50 wallet=7 collective=2 value=5
appropriations appropriation=2 time=@52 wallet=7 collective=2 value=1.666667
appropriations appropriation=3 time=@60 wallet=8 collective=2 value=6.666667
`, want: `
! bad-claim coupon_claims 2
! bad-claim coupon_claims 3
! bad-claim coupon_claims 4
! overspend appropriations 2
coupons 3 coupon=0
coupons 1 -
wallets 7/1 coupons=0 claimed=6.666666 appropriated=6.666667 balance=-0.000001
wallets 8/1 claimed=6.666667 balance=0
parity 1 issued=13.333333 unclaimed=0 claimed=13.333333 appropriated=13.333334 unspent=-0.000001
`, p: Params{After: 2 * 60_000_000}},
	// By (until, id): 5 ends first and is turned round; 1 is the first valid one, 2 overlaps it on collective 1–3; 3 begins
	// where 1 ends; 4 is of collective 4 alone, which none else holds. 6 and 7 have no sound rate.
	{name: "recorded revisions", ledger: work30 + `
collectives collective=4 kind=c2c
revisions revision=1 after=@0 until=@10 subsystem=1 tax_numerator=0 tax_denominator=1
revisions revision=2 after=@9 until=@11 subsystem=3 tax_numerator=0 tax_denominator=1
revisions revision=3 after=@10 until=@20 subsystem=3 tax_numerator=1 tax_denominator=1
revisions revision=4 after=@9 until=@20 subsystem=4 tax_numerator=-1 tax_denominator=1
revisions revision=5 after=@5 until=@5 subsystem=3 tax_numerator=0 tax_denominator=1
revisions revision=6 after=@30 until=@40 subsystem=3 tax_numerator=0 tax_denominator=0
revisions revision=7 after=@30 until=@40 subsystem=3 tax_numerator=-3 tax_denominator=2
`, want: `
! bad-revision revisions 2
! bad-revision revisions 5
! bad-revision revisions 6
! bad-revision revisions 7
parity 1 issued=30
`, p: Params{After: 50 * 60_000_000}},
	// As at @2 the rate is 0/20; as at @3 it is 10/30 = 2/6. Revision 2 says 1/3 of ]@2, @3], where it is 1: a mismatch, so it
	// does not stand in the way of 3 over the same time.
	{name: "checked revisions", ledger: work30 + `
revisions revision=1 after=@0 until=@2 subsystem=1 tax_numerator=0 tax_denominator=5
revisions revision=2 after=@2 until=@3 subsystem=1 tax_numerator=1 tax_denominator=3
revisions revision=3 after=@2 until=@3 subsystem=2 tax_numerator=7 tax_denominator=7
revisions revision=4 after=@3 until=@4 subsystem=2 tax_numerator=0 tax_denominator=7
`, want: `
! revision-mismatch revisions 2
! revision-mismatch revisions 4
parity 1 issued=20
`, p: Params{After: 50 * 60_000_000, CheckRevisions: true}},
	// Collective 4 was with 1 until @40; the coupon of its workload is claimed under the revision of that time but now
	// belongs to 4's own subsystem, and cannot be spent at 2.
	{name: "balances by subsystem", ledger: `
collectives collective=4 kind=c2i
trust a=1 b=4 since=@0 until=@40
productions production=1 time=@1 collective=4 common=false
workloads workload=1 time=@1 production=1 collective=4 wallet=7 minutes=10 common=false
revisions revision=1 after=@0 until=@39 subsystem=3 tax_numerator=1 tax_denominator=2
coupon_claims claim=1 time=@50 wallet=7 workload=1 revision=1
appropriations appropriation=1 time=@51 wallet=7 collective=2 value=1
appropriations appropriation=2 time=@51 wallet=7 collective=4 value=1
`, want: `
! overspend appropriations 1
wallets 7/1 claimed=0 appropriated=1 balance=-1
wallets 7/4 claimed=5 appropriated=1 balance=4 coupons=0
parity 4 issued=5 claimed=5 work_in_progress=10 difference=-6
`, p: Params{After: 50 * 60_000_000}},
}
