package datasets

import (
	"embed"
	"io/fs"
)

//go:embed uk2010_ons/Z.csv.gz uk2010_ons/vectors.csv.gz
//go:embed us2017_detail/U_use_402x402.csv.gz us2017_detail/V_make_402x402.csv.gz us2017_detail/vectors.csv.gz
//go:embed usa_wiod/Z_domestic_2000.csv.gz usa_wiod/Z_domestic_2014.csv.gz usa_wiod/vectors_2000.csv.gz usa_wiod/vectors_2014.csv.gz
var ioTables embed.FS

// IOTable is an embedded input–output table: its files, and what their columns mean.
type IOTable struct {
	Name, Title string
	Flows       string   // rows supply, columns use; "" when there are Use and Make
	Use, Make   string   // commodity × industry, industry × commodity
	Vectors     string   // a line per product
	ID          string   // its column of codes
	Output      string   // gross output, of commodities with Use and Make
	Industry    string   // gross output of industries, with Use and Make
	Labour      string   // of a sector as a whole
	LabourUnit  string   // what labour is counted in
	Demand      []string // added up: final demand
}

var wiodDemand = []string{"CONS_h", "CONS_np", "CONS_g", "GFCF", "INVEN", "EXP"}

// IOTables lists the embedded input–output tables by name.
func IOTables() []IOTable {
	return []IOTable{
		{Name: "uk2010", Title: "United Kingdom 2010, domestic, £m (ONS analytical tables)", Flows: "uk2010_ons/Z.csv.gz", Vectors: "uk2010_ons/vectors.csv.gz",
			ID: "code", Output: "output", Labour: "Compensation of employees", LabourUnit: "£m of compensation", Demand: []string{"final_demand_total"}},
		{Name: "us2017", Title: "United States 2017, 402 commodities, mn USD (BEA benchmark)", Use: "us2017_detail/U_use_402x402.csv.gz", Make: "us2017_detail/V_make_402x402.csv.gz",
			Vectors: "us2017_detail/vectors.csv.gz", ID: "code", Output: "commodity_output_q", Industry: "industry_output_g", Labour: "compensation_of_employees_by_industry", LabourUnit: "mn USD of compensation", Demand: []string{"final_demand_total"}},
		{Name: "usa2000", Title: "United States 2000, domestic, mn USD (WIOD 2016)", Flows: "usa_wiod/Z_domestic_2000.csv.gz", Vectors: "usa_wiod/vectors_2000.csv.gz",
			ID: "code", Output: "GO", Labour: "H_EMPE", LabourUnit: "mn hours of employees", Demand: wiodDemand},
		{Name: "usa2014", Title: "United States 2014, domestic, mn USD (WIOD 2016)", Flows: "usa_wiod/Z_domestic_2014.csv.gz", Vectors: "usa_wiod/vectors_2014.csv.gz",
			ID: "code", Output: "GO", Labour: "H_EMPE", LabourUnit: "mn hours of employees", Demand: wiodDemand},
	}
}

// IOFiles holds the files of IOTables.
func IOFiles() fs.FS { return ioTables }
