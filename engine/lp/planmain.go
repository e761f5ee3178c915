package lp

// mainByValue takes, for every technique that makes several things, the one that brings most at the prices at hand as its
// main product: what is made most of in units says nothing.
func (st *planStructure) mainByValue(s *scaled, y []float64) {
	for _, j := range st.joint {
		rows, vals := s.at.Row(int(j))
		best, most := -1, 0.0
		for k, i := range rows {
			if v := vals[k] * y[i]; vals[k]*st.orient[i] > 0 && v > most {
				best, most = k, v
			}
		}
		if best < 0 || rows[best] == st.own[j] {
			continue
		}
		i := rows[best]
		st.makers[st.own[j]]--
		st.makers[i]++
		st.own[j], st.ownVal[j] = i, vals[best]*st.orient[i]/(s.row[i]*s.col[j])
	}
}
