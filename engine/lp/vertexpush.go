package lp

import (
	"cmp"
	"math"
	"slices"
)

// pushPrimal moves every variable that is outside of the basis and between its bounds to a bound. Basic variables
// with a reduced cost stay where they are: the first step that would move them makes them leave. It reports false when
// time or budget end.
func (v *vertex) pushPrimal() bool {
	var list []int32
	for j, between := range v.super {
		if between {
			list = append(list, int32(j))
		}
	}
	room := func(j int32) float64 { return min(v.x[j]-v.lo[j], v.hi[j]-v.x[j]) }
	slices.SortStableFunc(list, func(a, b int32) int { return cmp.Compare(room(a), room(b)) })
	for _, j := range list {
		if v.stopped() {
			return false
		}
		if v.super[j] && v.place[j] < 0 {
			v.pushVariable(j)
		}
	}
	return true
}

// pushVariable moves j to its nearest bound, or to zero when it has none, or into the basis on the way there.
func (v *vertex) pushVariable(j int32) {
	target := 0.0
	if !v.unbounded(j) {
		if target = v.lo[j]; v.hi[j]-v.x[j] < v.x[j]-v.lo[j] {
			target = v.hi[j]
		}
	}
	move := target - v.x[j]
	v.column(j)
	slot, step := v.blocking(math.Abs(move), math.Copysign(1, move))
	if slot < 0 {
		v.shift(j, move)
		v.x[j], v.super[j] = target, false
		return
	}
	v.shift(j, math.Copysign(step, move))
	v.x[v.head[slot]] = v.nearest(v.head[slot])
	v.exchange(j, slot)
}

// nearest is the bound that a variable is closest to.
func (v *vertex) nearest(j int32) float64 {
	if math.Abs(v.x[j]-v.lo[j]) <= math.Abs(v.hi[j]-v.x[j]) {
		return v.lo[j]
	}
	return v.hi[j]
}

// shift moves j by a step and the basic variables along.
func (v *vertex) shift(j int32, step float64) {
	if step == 0 {
		return
	}
	v.x[j] += step
	for s, a := range v.alpha {
		if a != 0 {
			v.x[v.head[s]] -= float64(a * step)
		}
	}
}

// blocking finds the basic variable that ends a move of an entering one, in the direction given, before its length: the
// one with the largest pivot among those reached within the tolerance (Harris 1973). −1: none.
func (v *vertex) blocking(length, direction float64) (slot int32, step float64) {
	slot = -1
	reach := length
	for s, a := range v.alpha {
		if math.Abs(a) > vertexPivot {
			reach = min(reach, (v.room(int32(s), -a*direction)+v.tol)/math.Abs(a))
		}
	}
	if reach >= length {
		return -1, length
	}
	largest := 0.0
	for s, a := range v.alpha {
		if size := math.Abs(a); size > max(largest, vertexPivot) {
			if t := v.room(int32(s), -a*direction) / size; t <= reach {
				slot, step, largest = int32(s), max(t, 0), size
			}
		}
	}
	return slot, min(step, length)
}

// room is how far the basic variable of a slot can go up (rate > 0) or down: not at all with a reduced cost; in phase one
// to the bound it is beyond, or for ever away from that.
func (v *vertex) room(s int32, rate float64) float64 {
	j := v.head[s]
	below, above := v.lo[j]-v.x[j], v.x[j]-v.hi[j]
	switch {
	case v.z[j] != 0:
		return 0
	case rate > 0 && v.phaseOne && below > v.tol:
		return below
	case rate < 0 && v.phaseOne && above > v.tol:
		return above
	case v.phaseOne && (below > v.tol || above > v.tol):
		return math.Inf(1)
	case rate > 0:
		return -above
	}
	return -below
}

// pushDual brings the reduced cost of every basic variable to zero by moving the duals; a reduced cost outside of the
// basis that would change its sign makes its variable enter.
func (v *vertex) pushDual() bool {
	for slot := range int32(v.m) {
		j := v.head[slot]
		if v.z[j] == 0 {
			continue
		}
		if v.stopped() {
			return false
		}
		v.tableauRow(slot)
		goal := v.z[j]
		enter, step := v.blockingDual(goal)
		for k, r := range v.row {
			if r != 0 && v.place[k] < 0 {
				v.z[k] -= float64(r * step)
			}
		}
		if enter < 0 {
			v.z[j] = 0
			continue
		}
		v.z[j], v.z[enter] = goal-step, 0
		v.column(enter)
		if v.x[j] = v.lo[j]; v.z[j] < 0 || math.IsInf(v.lo[j], -1) {
			v.x[j] = v.hi[j]
		}
		v.exchange(enter, slot)
	}
	return true
}

// blockingDual finds the variable outside of the basis whose reduced cost reaches zero first on the way to a step, −1:
// none.
func (v *vertex) blockingDual(goal float64) (enter int32, step float64) {
	enter = -1
	length, direction := math.Abs(goal), math.Copysign(1, goal)
	reach := length
	for j, r := range v.row {
		if math.Abs(r) > vertexPivot && v.place[j] < 0 && v.lo[j] != v.hi[j] {
			reach = min(reach, (v.dualRoom(j, -r*direction)+v.tol)/math.Abs(r))
		}
	}
	if reach >= length {
		return -1, goal
	}
	largest := 0.0
	for j, r := range v.row {
		if size := math.Abs(r); size > max(largest, vertexPivot) && v.place[j] < 0 && v.lo[j] != v.hi[j] {
			if t := v.dualRoom(j, -r*direction) / size; t <= reach {
				enter, step, largest = int32(j), max(t, 0), size
			}
		}
	}
	return enter, direction * min(step, length)
}

// dualRoom is how far the reduced cost of a variable outside of the basis may rise or fall before its sign is wrong.
func (v *vertex) dualRoom(j int, rate float64) float64 {
	switch {
	case v.super[j] || v.unbounded(int32(j)):
		return 0
	case v.x[j] == v.lo[j] && rate < 0:
		return v.z[j]
	case v.x[j] == v.hi[j] && rate > 0:
		return -v.z[j]
	}
	return math.Inf(1)
}
