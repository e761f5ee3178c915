package cuda

import (
	"math/rand/v2"
	"testing"

	"planwerk/kernels/device"
)

// sides is block BiCGSTAB's vectors by their definitions.
type sides struct {
	p                                     *device.BlockProgram
	x, r, shadow, dir, v, t, hat, hat2, b []float64
}

// apply is dst = (I − M)x.
func (s *sides) apply(dst, x []float64) {
	w, m := s.p.Width, &s.p.M
	for i := range m.Rows {
		for k := range w {
			sum := 0.0
			for e := m.Ptr[i]; e < m.Ptr[i+1]; e++ {
				sum += float64(m.Val[e] * x[int(m.Col[e])*w+k])
			}
			dst[i*w+k] = x[i*w+k] - sum
		}
	}
}

func (s *sides) through(dst, src []float64) {
	for i := range src {
		dst[i] = src[i]
		if s.p.Diagonal != nil {
			dst[i] = src[i] * s.p.Diagonal[i/s.p.Width]
		}
	}
}

func (s *sides) dot(a, b []float64) (out device.Scalars) {
	w := s.p.Width
	for _, piece := range s.p.Pieces {
		var part device.Scalars
		for i := piece[0] * w; i < piece[1]*w; i++ {
			part[i%w] += float64(a[i] * b[i])
		}
		for k := range w {
			out[k] += part[k]
		}
	}
	return out
}

func (s *sides) axpy(w []float64, f *device.Scalars, v []float64) {
	for i := range w {
		w[i] += float64(f[i%s.p.Width] * v[i])
	}
}

func TestBlock(t *testing.T) {
	machines(t, func(t *testing.T, d *Device) {
		r := rand.New(rand.NewPCG(9, 10))
		for _, n := range []int{1, 3, 32, 75} {
			for _, width := range []int{8, 16} {
				p := &device.BlockProgram{M: randomCSR(r, n, n, 20), Width: width, B: randomVector(r, n*width), Pieces: cutEvery(n, 1+r.IntN(40))}
				if r.IntN(2) == 0 {
					p.Diagonal = randomVector(r, n)
				}
				checkBlock(t, d, p, r)
			}
		}
	})
}

func checkBlock(t *testing.T, d *Device, p *device.BlockProgram, r *rand.Rand) {
	t.Helper()
	size := len(p.B)
	s := &sides{p: p, x: randomVector(r, size), r: make([]float64, size)}
	for _, v := range []*[]float64{&s.dir, &s.v, &s.t, &s.hat, &s.hat2} {
		*v = make([]float64, size)
	}
	random := func() *device.Scalars {
		var f device.Scalars
		copy(f[:], randomVector(r, p.Width))
		return &f
	}
	b, err := d.Block(p)
	if err != nil {
		t.Fatal(err)
	}
	check := func(what string, got, want device.Scalars, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		sameBits(t, what, got[:], want[:])
	}
	got, err := b.Begin(s.x)
	s.apply(s.r, s.x)
	for i := range s.r {
		s.r[i] = p.B[i] - s.r[i]
	}
	s.shadow = append([]float64(nil), s.r...)
	check("r·r", got, s.dot(s.r, s.r), err)
	for range 3 {
		beta, omega := random(), random()
		got, err = b.Direct(beta, omega)
		for i := range s.dir {
			k := i % p.Width
			s.dir[i] = s.r[i] + float64(beta[k]*(s.dir[i]-float64(omega[k]*s.v[i])))
		}
		s.through(s.hat, s.dir)
		s.apply(s.v, s.hat)
		check("shadow·v", got, s.dot(s.shadow, s.v), err)

		minus := random()
		got, err = b.Half(minus)
		s.axpy(s.r, minus, s.v)
		s.through(s.hat2, s.r)
		check("r·r of half a step", got, s.dot(s.r, s.r), err)

		tr, tt, err := b.Second()
		s.apply(s.t, s.hat2)
		check("t·r", tr, s.dot(s.t, s.r), err)
		check("t·t", tt, s.dot(s.t, s.t), err)

		alpha := random()
		sr, rr, err := b.Finish(alpha, omega, minus)
		s.axpy(s.x, alpha, s.hat)
		s.axpy(s.x, omega, s.hat2)
		s.axpy(s.r, minus, s.t)
		check("shadow·r", sr, s.dot(s.shadow, s.r), err)
		check("r·r of a step", rr, s.dot(s.r, s.r), err)
	}
	x := make([]float64, size)
	if err := b.Solution(x); err != nil {
		t.Fatal(err)
	}
	sameBits(t, "x", x, s.x)
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
}
