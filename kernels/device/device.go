// Package device names the work that a machine with memory of its own, such as a GPU, can take over from this one's
// processors, and the data that work needs. It holds no code of such a machine: kernels/cuda is one. Every answer has the
// bits of the definition on the host.
package device

import (
	"fmt"

	"planwerk/kernels"
)

// Machine is a processor with its own memory. Its methods may be called from several goroutines. An error is final for
// the object it came from; Lost says whether the machine itself is gone.
type Machine interface {
	// Name is the machine's name for people.
	Name() string
	// Halpern places a linear program for restarted Halpern iteration.
	Halpern(p *Program) (Halpern, error)
	// Block places a square matrix for block BiCGSTAB with several right-hand sides.
	Block(b *BlockProgram) (Block, error)
	// Reach sums weights over what roots reach.
	Reach(g *Graph) (sums, counts []uint64, err error)
	// GroupSums adds value[i] to the group group[i] < groups; rows of negative groups are left out.
	GroupSums(group []int32, value []int64, groups int) ([]kernels.Int128, error)
	// MaskedSum adds the values whose bit is set, bit i%64 of mask[i/64].
	MaskedSum(mask []uint64, value []int64) (kernels.Int128, error)
}

// CSR is a matrix by rows: row i holds the entries Ptr[i] ≤ k < Ptr[i+1] of Col and Val.
type CSR struct {
	Rows, Cols int
	Ptr        []int64
	Col        []int32
	Val        []float64
	// Ends cut the columns into blocks: row i's entries of block b end at Ends[b·Rows+i], those of the last at Ptr[i+1]. The
	// steps of an iteration sum a row's product by blocks, in their order. nil: one block.
	Ends []int64
}

// Blocks is how many blocks of columns there are.
func (a *CSR) Blocks() int {
	if len(a.Ends) == 0 {
		return 1
	}
	return 1 + len(a.Ends)/a.Rows
}

// Program is a scaled linear program: minimise C·x, RowLo ≤ A x ≤ RowHi, Lo ≤ x ≤ Hi. At is A transposed, by rows.
type Program struct {
	A, At                CSR
	C, Lo, Hi            []float64
	RowLo, RowHi         []float64
	Col, Row             []float64 // scales: A's own column j is column j here divided by Col[j]; rows likewise
	Beta, Gamma          float64   // scales of bounds and costs
	ColPieces, RowPieces [][2]int  // ranges of columns and rows, summed one after another
}

// Halpern is the state of one iteration. Steps and Restart return before their work is done; an error may show later.
type Halpern interface {
	// Start makes (x, y) the point (x̂, ŷ), takes its products, and makes it anchor and iterate. x lies within its bounds.
	Start(x, y []float64) error
	// Steps makes count steps, the first being number k ≥ 0 since the anchor.
	Steps(k, count int, tau, sigma float64) error
	// Measure takes the products with (x̂, ŷ) and gives the sums of every piece.
	Measure(eta, weight float64) (cols, rows []Sums, err error)
	// Restart makes (x̂, ŷ), just measured, anchor and iterate.
	Restart() error
	// Point copies (x̂, ŷ) out, Anchor the anchor.
	Point(x, y []float64) error
	Anchor(x, y []float64) error
	// Close frees the memory.
	Close() error
}

// Sums are the sums over one piece of columns or rows; squares are not rooted yet. Their meaning is engine/lp's.
type Sums struct {
	FixedPoint    float64
	Move          float64 // Σ (x̂ − anchor)², of columns or of rows
	Residual      float64 // dual residual of columns, primal one of rows, squared
	Objective     float64
	DualObjective float64
	RayCost       float64
	RayMiss       float64
	Farkas        float64
	FarkasMiss    float64
	Worst         float64 // the largest row violation
}

// BlockWidth is the most sides of a block.
const BlockWidth = 16

// Scalars holds one number per side.
type Scalars [BlockWidth]float64

// BlockProgram is a square matrix M with several right-hand sides, interleaved: side k of row i at i·Width + k.
type BlockProgram struct {
	M        CSR
	Width    int // 8 or 16
	B        []float64
	Diagonal []float64 // of the preconditioner; nil: none
	Pieces   [][2]int  // ranges of rows, summed one after another
}

// Block carries the vectors of block BiCGSTAB. Dot products come per side, added over the pieces in their order.
type Block interface {
	// Begin sets r = shadow = b − (I − M)x and gives r·r.
	Begin(x []float64) (rr Scalars, err error)
	// Direct sets dir = r + β(dir − ω v), hat = K⁻¹dir, v = (I − M)hat, and gives shadow·v.
	Direct(beta, omega *Scalars) (sv Scalars, err error)
	// Half adds minus·v to r, sets hat2 = K⁻¹r and gives r·r.
	Half(minus *Scalars) (rr Scalars, err error)
	// Second sets t = (I − M)hat2 and gives t·r and t·t.
	Second() (tr, tt Scalars, err error)
	// Finish adds α·hat + ω·hat2 to x and minus·t to r, and gives shadow·r and r·r.
	Finish(alpha, omega, minus *Scalars) (sr, rr Scalars, err error)
	// Solution copies x out.
	Solution(x []float64) error
	Close() error
}

// Products are products of one matrix with one vector, both on the machine: what a measurement of its memory wants.
type Products interface {
	Run(times int) error
	Result(y []float64) error
	Close() error
}

// Graph is a graph without circles whose parts have larger numbers than their wholes: parts of v are
// Part[First[v]:First[v+1]]. For each root, Weight and Count are summed over the vertices it reaches, itself among them,
// modulo 2⁶⁴. Roots do not repeat.
type Graph struct {
	First, Part   []int32
	Weight, Count []int64
	Roots         []int32
}

// Lost is the error of a machine that does not answer any more.
type Lost struct {
	Machine string
	Err     error
}

func (e *Lost) Error() string { return e.Machine + " is lost: " + e.Err.Error() }
func (e *Lost) Unwrap() error { return e.Err }

// TooLarge is the error of work that does not fit the machine's memory.
type TooLarge struct {
	Machine    string
	What       string
	Need, Free int64 // bytes
}

func (e *TooLarge) Error() string {
	const mib = 1 << 20
	return fmt.Sprintf("%s needs %.1f MiB of device memory; %s has %.1f MiB free", e.What, float64(e.Need)/mib, e.Machine, float64(e.Free)/mib)
}
