package cuda

import "planwerk/kernels/device"

// matrix is a matrix in device memory. Programs that share one share its memory.
type matrix struct {
	memory
	key                 *float64
	users               int
	rows, blocks        int
	ptr, ends, col, val Pointer
}

// matrixBytes is the memory a matrix takes.
func matrixBytes(a *device.CSR) int64 { return int64(len(a.Ptr)+len(a.Ends))*8 + int64(len(a.Col))*12 }

// placed gives the matrix in device memory; one more user holds it.
func (d *Device) placed(a *device.CSR) (*matrix, error) {
	var key *float64
	if len(a.Val) > 0 {
		key = &a.Val[0]
	}
	if m := d.matrices[key]; m != nil && key != nil {
		m.users++
		return m, nil
	}
	m := &matrix{memory: memory{Device: d}, key: key, users: 1, rows: a.Rows, blocks: a.Blocks()}
	var err error
	m.ptr, err = place(&m.memory, a.Ptr)
	if err == nil && m.blocks > 1 {
		m.ends, err = place(&m.memory, a.Ends)
	}
	if err == nil {
		if m.col, err = place(&m.memory, a.Col); err == nil {
			m.val, err = place(&m.memory, a.Val)
		}
	}
	if err != nil {
		m.free() // the first error is the one to tell
		return nil, err
	}
	if key != nil {
		d.matrices[key] = m
	}
	return m, nil
}

// here reports whether a is placed already.
func (d *Device) here(a *device.CSR) bool { return len(a.Val) > 0 && d.matrices[&a.Val[0]] != nil }

// release lets one user go.
func (m *matrix) release() error {
	if m == nil {
		return nil
	}
	if m.users--; m.users > 0 {
		return nil
	}
	if m.key != nil {
		delete(m.matrices, m.key)
	}
	return m.free()
}

// mul queues dst = A·x.
func (m *matrix) mul(dst, x Pointer) error {
	return m.launch("spmv", int64(m.rows)*8, 1, dst, m.ptr, m.col, m.val, x, m.rows)
}
