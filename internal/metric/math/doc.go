// Package math is CloudWatch's metric math: Parse reads an expression, Eval
// computes it over time series.
//
//	5 * m1 - m2 ^ 2 / (m3 + 1)     arithmetic, unary minus, parentheses
//	m1 > 15 AND m2 > 15            == != < <= > >= AND && OR ||, each answers 0 or 1
//	[m1, m2]  METRICS()            an array of series; METRICS("err"): of those with err in their ID
//	SUM MAX MIN AVG (m1)           of one series: a number; of an array: a series
//	FILL(m1, 0)                    missing values become a number, those of a series, REPEAT or LINEAR
//	IF(m1 > 100, m2, 0)            by the condition's points; the last argument may be left out
//
// Names begin with a lower-case letter, functions are written in upper case. An
// expression has a series or an array of series as its result; numbers only
// occur within.
//
// Missing values follow the user guide: between two series a missing value
// counts as 0 where the other has one; with a number it stays missing. A result
// that is no finite number (division by zero) is missing. AVG of an array
// divides by the number of its series, whether they have a value or not.
package math
