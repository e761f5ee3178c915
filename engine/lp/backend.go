package lp

// backend is a machine that carries the state of the iteration and offers its few fused steps. All vectors live on the
// machine; only sums cross. The definition of each step is host.go's; another machine gives the same bits.
type backend interface {
	// start sets anchor and iterate to (x, y).
	start(x, y []float64)
	// steps makes count reflected Halpern steps, the first being number k since the anchor (from 0), and keeps the
	// iterate before the last one. Their products are summed by the matrix's blocks of columns (sparse.BlockColumns).
	steps(k, count int, tau, sigma float64)
	// measure takes the products with (x̂, ŷ) and sums what restarts, termination and rays need.
	measure(eta, w float64) measures
	// restart makes (x̂, ŷ), just measured, the anchor and the iterate.
	restart()
	// point copies (x̂, ŷ) out; rays copies (x̂ − anchor, ŷ − anchor) out.
	point() (x, y []float64)
	rays() (x, y []float64)
	// close frees what the machine holds.
	close()
}

// measures are sums over a point (x̂, ŷ), in the program's own units unless said otherwise.
type measures struct {
	fixedPoint         float64 // w‖Δx‖² + ‖Δy‖²/w + 2η⟨AᵀΔy, Δx⟩, scaled units, Δ from the iterate before the step
	moveX, moveY       float64 // ‖x̂ − anchor‖₂, ‖ŷ − anchor‖₂, scaled units
	primal, dual       float64 // residual norms
	worst              float64 // largest row violation
	objective, dualObj float64 // without c0
	rayCost            float64 // c·dx of the primal ray candidate dx = x̂ − anchor
	rayMiss            float64 // by how much dx leaves the cone of directions that no bound stops
	farkas             float64 // the value of the dual ray candidate dy = ŷ − anchor with c = 0
	farkasMiss         float64 // the part of −Aᵀdy at infinite bounds
}
