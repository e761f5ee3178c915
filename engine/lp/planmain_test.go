package lp_test

import (
	"testing"

	"planwerk/engine/lp"
	"planwerk/engine/lp/lptest"
)

// A plan in which a fifth of the techniques make a second thing, some of them worth more than the first, is proved by
// its own prices, and the effects of by-products keep conjugate gradients short.
func TestPlanJointProducts(t *testing.T) {
	p := lptest.PlanningOf(lptest.Shape{Products: 1500, Resources: 20, Seed: 5, Near: 0.7, Limited: 0.3, Available: 0.98, Joint: 0.2})
	s := solve(t, p, lp.Settings{Method: lp.Plan})
	c := &s.Certificate
	t.Logf("%d iterations, proved gap %.1e, dual residual %.1e, shortfall %.1e", c.Iterations, c.ProvedGap, c.DualResidual, c.MaxShortfall)
	if s.Status != lp.Optimal || s.Method != lp.Plan || c.ProvedGap > 1.01e-6 || c.DualResidual != 0 || c.MaxShortfall > 1.01e-7 {
		t.Errorf("%s by %s: %+v", s.Status, s.Method, *c)
	}
	lptest.CheckCertificate(t, "joint products", p, s)
}
