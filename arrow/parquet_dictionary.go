package arrow

import "fmt"

func isDictionary(encoding int64) bool {
	return encoding == encodingDictionary || encoding == encodingPlainDictionary
}

// gather looks a page's dictionary codes up.
func gather[T any](d *chunkDecoder, pg *page, dict, out []T) error {
	if len(out) == 0 {
		return nil
	}
	h, err := d.codesOf(pg)
	if err != nil {
		return err
	}
	return gatherNext(d, &h, dict, out)
}

// codesOf begins on the dictionary codes of a page.
func (d *chunkDecoder) codesOf(pg *page) (h hybrid, err error) {
	if !d.dict.have {
		return h, fmt.Errorf("a page of dictionary codes without a dictionary")
	}
	if len(pg.data) == 0 || pg.data[0] > 32 {
		return h, fmt.Errorf("dictionary codes are damaged")
	}
	return newHybrid(pg.data[1:], uint(pg.data[0])), nil
}

// gatherNext looks the next dictionary codes up.
func gatherNext[T any](d *chunkDecoder, h *hybrid, dict, out []T) error {
	for at := 0; at < len(out); at += decodeBlock {
		block := d.idx[:min(decodeBlock, len(out)-at)]
		if err := h.read(block); err != nil {
			return err
		}
		to := out[at : at+len(block)]
		if d.dict.bad != nil {
			for i, code := range block {
				if e := d.dict.bad[int(code)]; e != nil {
					return &rowError{at + i, e}
				}
			}
		}
		for i, code := range block {
			if uint(code) >= uint(len(dict)) {
				return fmt.Errorf("a dictionary code %d of a dictionary with %d entries", code, len(dict))
			}
			to[i] = dict[code]
		}
	}
	return nil
}

// readDictionary decodes the dictionary page into the form that cells have. A bad entry is an error only where a
// cell uses it.
func (d *chunkDecoder) readDictionary(pg *page) error {
	c := d.col
	if pg.encoding != encodingPlain && pg.encoding != encodingPlainDictionary {
		return encodingError(pg.encoding, "a dictionary")
	}
	plain := page{values: pg.values, encoding: encodingPlain, data: pg.data}
	if most := len(pg.data); pg.values > most+1 {
		return fmt.Errorf("a dictionary of %d entries in %d bytes", pg.values, most)
	}
	cost := 24 * int64(pg.values)
	if err := d.held.b.take(cost, "a dictionary"); err != nil {
		return err
	}
	d.dict = dictionary{have: true, cost: cost, bytes: byteRun{held: d.held}}
	var bad []cellFault
	var err error
	switch {
	case c.want.Kind == KindFlag:
		return fmt.Errorf("a dictionary of flags")
	case c.want.Kind == KindText:
		return d.dict.bytes.decode(&plain, c, pg.values)
	case c.want.Kind == KindWide:
		d.dict.wides = make([]Int128, pg.values)
		bad, err = d.plainWides(&plain, d.dict.wides)
	case c.want.Kind == KindFloat:
		d.dict.floats = make([]float64, pg.values)
		bad, err = d.plainFloats(&plain, d.dict.floats)
	case c.bytes != bytesNone:
		d.dict.ints = make([]int64, pg.values)
		if err = d.bytes.decode(&plain, c, pg.values); err == nil {
			bad = d.bytesToInts(&d.bytes, d.dict.ints)
		}
	default:
		d.dict.ints = make([]int64, pg.values)
		if err = d.rawInts(&plain, d.dict.ints); err == nil {
			bad = c.rule.applyAll(d.dict.ints)
		}
	}
	for _, f := range bad {
		if d.dict.bad == nil {
			d.dict.bad = map[int]*cellError{}
		}
		d.dict.bad[f.i] = f.err
	}
	return err
}
