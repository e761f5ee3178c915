package datasets

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
)

//go:embed plan_bread_steel/*.csv plan_kantorovich/*.csv plan_regions/*.csv plan_periods/*.csv
var plans embed.FS

// PlanExample is a small plan problem with a known answer.
type PlanExample struct {
	Name          string // also of its folder, after plan_
	Short         string // in a few words
	Objective     string // what it is worked out for
	Regions       bool
	Periods       int
	MaxFulfilment float64  // 0: as usual
	Explained     []string // what the answer means, in plain words
}

// PlanExamples are the embedded plan problems; README.md there works each out by hand.
var PlanExamples = []PlanExample{
	{Name: "bread_steel", Short: "bread and steel, which need each other, with too few furnaces, and books with too little paper", Objective: "aims", Explained: []string{
		"Steel takes bread and bread takes steel. There are 150 furnace hours, and the steel mill uses them all; the bakery gets what steel is left, and the rest of the bread is baked by hand.",
		"A loaf is worth 70 minutes, what it takes by hand, for that is how one more would be made; a ton of steel 600, what it saves in baking by hand.",
		"An hour more at the furnace would save 75 minutes: so much is it worth to the plan, whatever it costs.",
		"Bread and steel are hard targets, books an aim: there is paper for 250 of the 400 that people would like.",
	}},
	{Name: "kantorovich", Short: "seven machines making two parts of one article (Kantorovich 1939)", Objective: "fulfilment", MaxFulfilment: 1000, Explained: []string{
		"Each article takes one of both parts. The automatic turret lathe is best at part 2 and makes only that, the turret lathes are best at part 1, and the milling machines share their time so that both parts come out even: 86 2/3 articles a day.",
		"If instead each machine made as many of the one part as of the other, there would be 77 whole articles.",
	}},
	{Name: "regions", Short: "grain from the north for cloth from the south, with the labour of carrying", Objective: "labour", Regions: true, Explained: []string{
		"The north grows grain with a third of the labour, the south weaves with less than half. Carrying pays both ways, and a tenth of the grain lost on the way changes nothing in that.",
		"Northern land is short: the last 18 sacks are grown in the south, so grain is worth 30 minutes there, 22 in the north, and a piece of land that bears a sack more would save 12.",
	}},
	{Name: "periods", Short: "five periods of growing demand for bread, and when to build ovens", Objective: "labour", Periods: 5, Explained: []string{
		"An oven for 10 loaves takes 500 minutes to build and saves 20 minutes a loaf: it pays if it bakes for three periods, and not if it bakes for two.",
		"So builders build in periods 1 and 2, and the demand of the last two periods beyond that is baked by hand.",
	}},
}

// FindPlan finds an embedded plan problem by name.
func FindPlan(name string) (*PlanExample, fs.FS, error) {
	i := slices.IndexFunc(PlanExamples, func(e PlanExample) bool { return e.Name == name })
	if i < 0 {
		return nil, nil, fmt.Errorf("no plan problem %q is embedded", name)
	}
	sub, err := fs.Sub(plans, "plan_"+name)
	return &PlanExamples[i], sub, err
}
