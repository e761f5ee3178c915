// Package plan turns a plan problem into linear programs, solves them with package lp, and reads the answer back: how
// much of each technique, what each product and resource is worth to the plan, and a proof of how good the plan is.
//
// # The problem
//
// Products i have a balance row each, techniques j an activity level z_j with minimum_j ≤ z_j ≤ maximum_j:
//
//	Σ_j flow_ij z_j + stock_i + recovered_i ≥ delivered_i         per product, in its unit
//	Σ_j use_rj z_j                          ≤ available_r         per resource, in its unit
//
// flow is + where a unit of level makes and − where it uses. stock_i ≤ the opening stock; recovered_i is the share of
// what targets of used-up goods deliver. Labour is in minutes per unit of level.
//
// # Regions and periods
//
// Expand writes a problem over regions and periods out as a plain one. The same good in two regions is two products,
// with the same id and another region; tables name it id@region (or id alone, where it is in one region only). A
// product, technique or resource of period t = 1, 2, … is called id#t.
//
//	transport:bread:north>south    takes 1 at north, gives 1 − loss at south
//	store:bread#2                  takes 1 in period 2, gives 1 − loss in period 3
//	keep:bread                     fixed at the opening stock, which it takes out of the last period (--closing keep, price)
//	owe:bread                      what may be missing of it, at its labour value (--closing price)
//	machine#closing                a resource: what wear and investments change until after the last period, not below 0
//
// An investment adds capacity from period t + lag on (lag 1 where it is not given) for life periods (for ever). A
// negative quantity is wear. Recycled goods come back lag periods later (0 where it is not given); without periods lags
// do not count: as much comes back of what was delivered before.
//
// # The objectives
//
//	labour       least Σ labour_j z_j + Σ price_r use_rj z_j, at-least targets met
//	fulfilment   greatest t ≤ the maximum with every target × t met [K], then least labour at that t
//	harmony      greatest Σ weight_i h(s_i), s_i = (delivered_i − target_i)/target_i, h(s) = s − s²/2 below 0 and ln(1 + s)
//	             above [C]; at-least targets stay hard
//	aims         at-least targets met; least weighted shortfall of the others, of which step k of K costs
//	             weight·(K − k + 1)/K per share of the target; then least labour at that shortfall
//
// The second of two stages may be worse in the first objective by the tolerance. Every stage has a certificate,
// computed by lp.Certify for the plan as answered: Recheck gives the same again from tables.
//
// # Sources
//
// [K] Kantorovich, Mathematical Methods of Organizing and Planning Production, 1939 (Management Science 6, 1960, 366).
// [C] Cockshott, Application of artificial intelligence techniques to economic planning, 1990.
package plan
