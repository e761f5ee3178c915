package iotable

import (
	"fmt"
	"slices"
	"strings"
)

// vectors is a CSV file with a line per product; only the columns asked for are kept.
type vectors struct {
	path    string
	head    []string
	codes   *index
	columns map[string][]float64
	notices []string
}

// readVectors reads the columns that the source names.
func (r *reader) readVectors() (*vectors, error) {
	in, err := r.open(r.Vectors)
	if err != nil {
		return nil, err
	}
	defer in.close()
	v := &vectors{path: r.Vectors, codes: &index{}, columns: map[string][]float64{}}
	head, err := in.header()
	if err != nil {
		return nil, err
	}
	for _, h := range head {
		v.head = append(v.head, string(h))
	}
	id, err := v.find(r.ID)
	if err != nil {
		return nil, err
	}
	wanted, names := []int{}, []string{}
	for _, name := range append([]string{r.Output, r.Labour, r.Price, r.IndustryOutput}, r.Demand...) {
		if name == "" || slices.Contains(names, name) {
			continue
		}
		k, err := v.find(name)
		if err != nil {
			return nil, err
		}
		wanted, names = append(wanted, k), append(names, name)
	}
	if err := v.read(in, id, wanted, names); err != nil {
		return nil, err
	}
	return v, r.finish(in)
}

// find gives the place of a column; the first one for no name.
func (v *vectors) find(name string) (int, error) {
	if name == "" {
		return 0, nil
	}
	k := slices.Index(v.head, name)
	if k < 0 {
		return 0, fmt.Errorf("%s: there is no column %q; there are %s", v.path, name, strings.Join(v.head, ", "))
	}
	if slices.Contains(v.head[k+1:], name) {
		return 0, fmt.Errorf("%s: two columns are called %q", v.path, name)
	}
	return k, nil
}

func (v *vectors) read(in *input, id int, wanted []int, names []string) error {
	values := make([][]float64, len(wanted))
	empty := make([]int, len(wanted))
	for {
		line, err := in.fields()
		if err != nil {
			return err
		}
		if line == nil {
			break
		}
		if len(line) != len(v.head) {
			return in.errorf("%d fields, but the header has %d", len(line), len(v.head))
		}
		if fault := checkCode(line[id]); fault != "" {
			return in.errorf("column %s %s", v.head[id], fault)
		}
		if _, fresh := v.codes.add(line[id]); !fresh {
			return in.errorf("column %s: code %q names two lines", v.head[id], clip(line[id]))
		}
		for k, c := range wanted {
			x, fault := number(line[c])
			if fault != "" {
				return in.errorf("column %s: %s", v.head[c], fault)
			}
			if len(line[c]) == 0 {
				empty[k]++
			}
			values[k] = append(values[k], x)
		}
	}
	for k, name := range names {
		v.columns[name] = values[k]
		if empty[k] > 0 {
			v.notices = append(v.notices, fmt.Sprintf("%s: %d empty cells in column %s are taken as 0", v.path, empty[k], name))
		}
	}
	return nil
}

// place gives the line of each code of a table; nil when they are in the same order.
func (v *vectors) place(codes *index, file string) ([]int32, error) {
	if codes == v.codes || codes.same(v.codes) {
		return nil, nil
	}
	at, err := codes.translate(v.codes)
	if err != nil {
		return nil, fmt.Errorf("%s: a product of %s has no line: %w", v.path, file, err)
	}
	return at, nil
}

// column is a column in the order of the products.
func (v *vectors) column(name string, at []int32) ([]float64, error) {
	values := v.columns[name]
	if at == nil {
		return slices.Clone(values), nil
	}
	out := make([]float64, len(at))
	for i, k := range at {
		out[i] = values[k]
	}
	return out, nil
}
