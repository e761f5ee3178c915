package arrow

import (
	"fmt"
	"strings"
)

// joinTexts puts the texts of all files and row groups together, in order.
func (r *tableReader) joinTexts() error {
	for c := range r.table.Columns {
		d := &r.out.Cols[c]
		if r.table.Columns[c].Kind != KindText || d.Absent {
			continue
		}
		parts, size := r.textParts(c)
		if err := r.budget.take(size, "the table"); err != nil {
			return inFile(err, "", r.table.Name)
		}
		d.Text.Data = make([]byte, 0, size)
		d.Text.Offsets = make([]int64, 1, r.out.Rows+1)
		for _, p := range parts {
			base := int64(len(d.Text.Data))
			if p.text == nil {
				for range p.rows {
					d.Text.Offsets = append(d.Text.Offsets, base)
				}
				continue
			}
			d.Text.Data = append(d.Text.Data, p.text.Data...)
			for _, o := range p.text.Offsets[1:] {
				d.Text.Offsets = append(d.Text.Offsets, base+o)
			}
			r.budget.give(p.charged)
			*p.text = TextData{}
		}
	}
	return nil
}

// textPart is some rows' texts; nil where the file does not have the column.
type textPart struct {
	rows    int64
	text    *TextData
	charged int64 // to the budget, for the text apart
}

func (r *tableReader) textParts(c int) (parts []textPart, size int64) {
	add := func(rows int64, t *TextData, charged int64) {
		parts = append(parts, textPart{rows, t, charged})
		size += int64(len(t.Data))
	}
	for i := range r.files {
		f := &r.files[i]
		switch {
		case !f.present[c]:
			parts = append(parts, textPart{f.rows, nil, 0})
		case f.parquet != nil:
			for g := range f.texts {
				t := &f.texts[g][c]
				add(f.parquet.groups[g], t, int64(len(t.Data))+8*f.parquet.groups[g])
			}
		default:
			for _, k := range f.chunks {
				add(int64(k.rows), &k.cols[c].Text, k.cols[c].size())
			}
		}
	}
	return parts, size
}

// notices gathers what files had to say, once.
func (r *tableReader) notices() {
	var names []string
	for i := range r.files {
		for _, u := range r.files[i].unknown {
			if !r.unknown[u] {
				r.unknown[u] = true
				names = append(names, quoteName(u))
			}
		}
		for _, n := range r.files[i].notices {
			r.out.Notices = append(r.out.Notices, fmt.Sprintf("%s: %s", quoteName(r.files[i].Name), n))
		}
		if p := r.files[i].parquet; p != nil {
			r.budget.give(p.held)
		}
	}
	if len(names) > 0 {
		const most = 20
		more := ""
		if len(names) > most {
			more = fmt.Sprintf(" and %d more", len(names)-most)
			names = names[:most]
		}
		plural := ""
		if len(names) > 1 {
			plural = "s"
		}
		r.out.Notices = append(r.out.Notices, fmt.Sprintf("table %s: unknown column%s ignored: %s%s", quoteName(r.table.Name), plural, strings.Join(names, ", "), more))
	}
}
