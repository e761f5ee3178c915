package spill

import "context"

type key struct{}

// With gives work under ctx a Space.
func With(ctx context.Context, s *Space) context.Context { return context.WithValue(ctx, key{}, s) }

// From is the Space of the work, nil for the Go heap.
func From(ctx context.Context) *Space {
	s, _ := ctx.Value(key{}).(*Space)
	return s
}
