// Package alarmeval decides what state a CloudWatch alarm is in: it is the
// evaluation that AWS runs every minute for every metric alarm, as a function
// of the alarm, the data and the time; and the one of composite alarms, as a
// function of the states of other alarms.
//
//	alarm := alarmeval.Alarm{
//		Statistic:          "Sum",
//		Period:             5 * time.Minute,
//		EvaluationPeriods:  1,
//		Threshold:          1,
//		ComparisonOperator: alarmeval.GreaterThanOrEqualToThreshold,
//	}
//	result := alarmeval.Evaluate(alarm, points, previous, now)
//	fmt.Println(result.State, result.Reason())
//
// # Windows
//
// Time is cut into windows of one Period. They slide: the newest ends at the
// last full minute (at the last full ten seconds when Period is below a
// minute), whatever the period, and the older ones step back from there. A
// 300-second alarm evaluated at 18:32:31 looks at 18:27 to 18:32, then at 18:22
// to 18:27. Because the windows are cut anew every minute, two events 4 min 40 s
// apart share a window in one evaluation and not in the next.
//
// CloudWatch looks further back than EvaluationPeriods, so that a late or a
// missing datapoint does not decide alone. How far is [Range]: two windows more
// for periods from 150 seconds, five more at 60 seconds. An alarm on 1 period
// of 300 seconds therefore still sees an event a quarter of an hour later.
//
// A [Point] is the statistic of one window that has data; windows without data
// have no Point.
//
// # The decision
//
// With N = EvaluationPeriods and M = DatapointsToAlarm (N when unset):
//
//   - At least N windows of the range have data: the N newest of those decide.
//     ALARM if M of them breach, else OK. TreatMissingData is not consulted.
//   - Fewer: the windows that are missing to N count as breaching or as not
//     breaching if TreatMissingData says so.
//   - With "missing" and "ignore", M breaching points make an ALARM, and any
//     point that does not breach makes it OK. No data at all is
//     INSUFFICIENT_DATA ("missing") or no change ("ignore").
//   - What remains are a few breaching points and nothing else. "ignore"
//     changes nothing. "missing" rings once the oldest of them is M windows old
//     and is INSUFFICIENT_DATA before that: the alarm does not ring prematurely.
//
// AWS/DynamoDB alarms that do not set TreatMissingData ignore missing data. A
// percentile alarm with EvaluateLowSampleCountPercentile "ignore" does not
// change while a point it would rest on has too few samples.
//
// # Ringing before the minute is over
//
// [Early] answers whether an ALARM may be declared within the unfinished
// minute: only when no further data of that minute could take the breach back.
//
// # Composite alarms
//
// A [Rule] such as
//
//	ALARM(cpu) AND NOT ALARM("deployment running")
//	AT_LEAST(50%, ALARM, (disk-1, disk-2, disk-3))
//
// is a condition on the states of other alarms; [ParseRule] has its grammar. NOT
// binds tighter than AND, and AND tighter than OR. The alarm is in ALARM while
// the rule is true, else OK. A percentage is reached when matched/total*100 is at
// least N.
//
// A suppressor is an alarm that keeps the actions of a composite alarm back
// while it is in ALARM; [Suppression] decides what a [Hold] waits for.
//
// # Texts
//
// [Result.Reason] and [Result.Data] are the StateReason and StateReasonData
// that CloudWatch shows, to the letter; numbers are written as Java writes a
// double ([FormatDouble]).
//
// The package imports the standard library only. It has alarms on one metric and
// composite alarms; anomaly bands are not among them. An alarm on a metric math
// expression is evaluated like any other, from the expression's values, with
// neither Statistic nor ExtendedStatistic set.
//
// Sources: "Evaluating an alarm" and "Configuring how CloudWatch alarms treat
// missing data" in the CloudWatch user guide; what these leave out was measured
// on messages of real alarms.
package alarmeval
