package composition

import (
	"math/big"
	"testing"

	"planwerk/engine/ledger"
	"planwerk/kernels"
)

// year is Y of the proposal, in minutes (356 days, as printed there).
const year = 356 * 24 * 60

// The computer of [S §4.2]: an element's name, its parts, its own durability in years, its simple value in minutes.
var computer = []struct {
	name       string
	parts      []int32
	years      int64 // of simple elements
	value      int64
	aggregate  int64
	durability int64 // years, eq. 3
}{
	0:  {"c", nil, 12, 200, 200, 12},
	1:  {"m", nil, 12, 600, 600, 12},
	2:  {"p", nil, 9, 2500, 2500, 9},
	3:  {"r", nil, 8, 700, 700, 8},
	4:  {"h", nil, 5, 400, 400, 5},
	5:  {"x", nil, 5, 30, 30, 5},
	6:  {"y", nil, 10, 10, 10, 10},
	7:  {"m_p", []int32{5, 2, 1}, 0, 10, 3140, 5},
	8:  {"m_r", []int32{1, 3}, 0, 1, 1301, 8},
	9:  {"c_h", []int32{0, 4}, 0, 2, 602, 5},
	10: {"m_r^p", []int32{7, 8}, 0, 0, 3841, 5}, // m is reached twice and counts once: a path sum would give 4441
	11: {"c*", []int32{10, 9, 6}, 0, 15, 4468, 5},
}

func computerProduct() *product {
	p := newProduct(len(computer))
	for t, e := range computer {
		p.parts[t], p.value[t] = e.parts, e.value*1_000_000
		if e.years > 0 {
			p.durability[t] = e.years * year
		}
	}
	return p
}

func TestProposalValues(t *testing.T) {
	v, bad := compute(t, computerProduct().ledger(), 1)
	if len(bad) > 0 || len(v.Notices) > 0 {
		t.Fatalf("%v %v", bad, v.Notices)
	}
	for i, e := range computer {
		if want := kernels.I128(e.aggregate * 1_000_000); v.Aggregate[i] != want {
			t.Errorf("v*(%s) = %v µmin, want %v", e.name, v.Aggregate[i], want)
		}
		if v.Durability[i] != e.durability*year {
			t.Errorf("d(%s) = %d min, want %d", e.name, v.Durability[i], e.durability*year)
		}
	}
	if v.Subelements[11] != 11 {
		t.Errorf("the computer has %d subelements, want 11", v.Subelements[11])
	}
}

// The second year of the computer transfers exactly 188809/360 = 524.469444… min; floors per class make it 524.469445.
func TestProposalTransfer(t *testing.T) {
	p := computerProduct()
	l := p.ledger()
	l.MoPs = ledger.MoPs{N: 1, Element: []int32{11}, Collective: []int32{0}, Commissioned: []int64{0}, Common: []uint8{0}, Resource: []int32{-1}, Amount: []int64{ledger.NullInt}}
	v, _ := compute(t, l, 1)
	profiles, err := v.profiles(t.Context(), l, 1)
	if err != nil {
		t.Fatal(err)
	}
	computer := profiles[0]
	if got := computer.Transferred(2 * year).Sub(computer.Transferred(year)); got != kernels.I128(524_469_445) {
		t.Errorf("θ(1Y, 2Y) = %v µmin, want 524469445", got)
	}
	exact := new(big.Rat)
	for i, d := range computer.Durability {
		exact.Add(exact, new(big.Rat).SetFrac(new(big.Int).Mul(computer.Value[i].Big(), big.NewInt(year)), big.NewInt(d)))
	}
	if want := big.NewRat(188809*1_000_000, 360); exact.Cmp(want) != 0 {
		t.Errorf("the exact θ is %v, want %v", exact, want)
	}
	if computer.Transferred(12*year) != v.Aggregate[11] || computer.Total() != v.Aggregate[11] {
		t.Errorf("a whole life transfers %v, want v* = %v", computer.Transferred(12*year), v.Aggregate[11])
	}
}

func TestOwnDurabilityOfComposites(t *testing.T) {
	p := computerProduct()
	p.durability[11], p.durability[7] = 3, 4
	v, _ := compute(t, p.ledger(), 1)
	if v.Durability[11] != 5*year || len(v.Notices) != 1 || v.Notices[0] != "elements: the own durability of 2 composite elements is ignored" {
		t.Errorf("d = %d, notices %v", v.Durability[11], v.Notices)
	}
	p.durability[4] = ledger.NullInt // one part without durability
	v, _ = compute(t, p.ledger(), 1)
	if v.Durability[11] != ledger.NullInt || v.Durability[9] != ledger.NullInt || v.Durability[7] != 5*year || v.Aggregate[11] != kernels.I128(4468_000_000) {
		t.Errorf("d(c*) = %d, d(c_h) = %d, d(m_p) = %d, v* %v", v.Durability[11], v.Durability[9], v.Durability[7], v.Aggregate[11])
	}
}
