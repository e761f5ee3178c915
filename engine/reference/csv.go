package reference

import (
	"bytes"
	"encoding/csv"
	"maps"
	"math/rand/v2"
	"slices"
)

// CSV writes every table of the export as a CSV file, by table name: the required columns and those optional ones that a row
// uses, in the order of the format. Columns the format does not know come last, by name.
func CSV(e Export) map[string][]byte {
	files := map[string][]byte{}
	for name, rows := range e {
		columns := header(name, rows)
		var out bytes.Buffer
		w := csv.NewWriter(&out)
		write := func(cells []string) {
			if err := w.Write(cells); err != nil {
				panic("reference: " + err.Error()) // a buffer does not fail
			}
		}
		write(columns)
		for _, r := range rows {
			var cells []string
			for _, c := range columns {
				cells = append(cells, r[c])
			}
			write(cells)
		}
		w.Flush()
		files[name] = out.Bytes()
	}
	return files
}

func header(name string, rows []Row) []string {
	used := map[string]bool{}
	for _, r := range rows {
		for c := range r {
			used[c] = true
		}
	}
	var columns []string
	for _, c := range tableNamed(name).columns {
		if used[c.name] || !c.optional {
			columns = append(columns, c.name)
		}
		delete(used, c.name)
	}
	return append(columns, slices.Sorted(maps.Keys(used))...)
}

// Shuffle gives the same export with the rows of every table in another order.
func Shuffle(e Export, seed uint64) Export {
	rng := rand.New(rand.NewPCG(seed, 0x5f))
	shuffled := Export{}
	for _, name := range slices.Sorted(maps.Keys(e)) {
		rows := slices.Clone(e[name])
		rng.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		shuffled[name] = rows
	}
	return shuffled
}
