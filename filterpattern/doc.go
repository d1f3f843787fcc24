/*
Package filterpattern is the filter pattern language of Amazon CloudWatch Logs:
the language of metric filters, subscription filters, FilterLogEvents and
TestMetricFilter. It accepts, refuses, matches and extracts as the service does,
and its errors are the service's texts.

	p, err := filterpattern.Parse(`{ $.errorCode = "AccessDenied*" }`)
	...
	matched := p.Match(message)

[Pattern.Explain] says what a pattern asks for, [Pattern.Trace] why it does or
does not match a message. What follows is the whole language.

# Kinds of patterns

The first character decides, white space around the pattern aside.

	(nothing)                                every message
	ERROR "timed out" -debug                 words and phrases
	%4\d\d%                                  a regular expression
	{ $.level = "error" && $.code >= 500 }   conditions on a JSON object
	[ip, ..., status = 4*, size]             fields between spaces

A pattern has at most 1024 characters.

# Words and phrases

A term matches anywhere in the message, inside words too, and case matters.

	ERROR              contains ERROR (also in ERRORS)
	ERROR timeout      contains both, in any order
	ERROR -debug       contains ERROR and not debug
	-debug -trace      contains neither
	?ERROR ?WARN       contains at least one
	"[ERROR] at 10:00" contains this text; \" and \\ are escapes

A bare term has letters of any script, digits, underscores and points. All else
needs quotation marks. There are no wildcards: "ERR*" looks for an asterisk.

Three traps. Terms with ? are ignored as soon as there is a term without: ?ERROR
timeout is timeout. A minus sign starts a new term even inside a word: a-b is a
without b, so write "a-b". And " " is not the empty pattern but looks for a space.

# Regular expressions

	%4\d\d%            4 and two digits, anywhere in the message
	%^(ERR|WARN)%      refused: there are no parentheses
	%^ERR|^WARN%       what to write instead
	%f\x28x\x29%       f(x): a code for what cannot stand for itself

Between the percent signs stand ASCII letters, digits, spaces, the symbols

	: _ # = @ / ; , -

and the operators

	^ $ ? [ ] { } | \ * + .

with RE2's meaning, that of package regexp without flags. An expression cannot
stand beside terms. JSON and space-delimited patterns take expressions as
values, at most two in a pattern.

# JSON

A pattern in braces matches a message that as a whole is one JSON object. It
never matches other messages, not even with NOT EXISTS.

	{ $.eventName = "ConsoleLogin" }
	{ $.eventName = ConsoleLogin && $.errorMessage = "Failed authentication" }
	{ ($.a = 1 || $.b = 2) && $.c IS TRUE }

&& binds tighter than ||; parentheses help. There are no NOT, IN, AND, OR and ==.

Selectors are paths. Names are case-sensitive and nothing is flattened: $.a.b
does not look into an array a.

	$.a.b-c         properties; letters, digits, _ and -
	$.['a.b']       any property name, in single quotes
	$.a[0].b        element of an array, from 0
	$.a[*] or $.a.* every element of an array or value of an object

A selector has at most one wildcard, a pattern at most three selectors with one.

Comparisons look at strings and numbers and are false on everything else, which
is to say on booleans, null, objects, arrays and missing fields:

	$.a = "x"       the string x; also = x, if x is bare
	$.a = "x*"      begins with x
	$.a = "*x"      ends with x
	$.a = "*x*"     contains x
	$.a = *         any string or number
	$.a = "x*y"     x*y: an asterisk in the middle is an asterisk
	$.a = %^x+$%    a regular expression
	$.a = 1         the number 1, 1.0 or 1e0, or the string "1"
	$.a = "1"       the number 1 or the string "1", but not 1.0
	$.a > 1         a number greater than 1, never a string; also < <= >=
	$.a != "x"      a string or number other than x

The last is the trap of the language: != is not the opposite of =. It is false
where the field is missing, so $.user != "bot" drops every message without a
user. What is usually meant is

	{ ($.user NOT EXISTS) || ($.user IS NULL) || ($.user != "bot") }

Bare values have letters, digits and _ . * - and are not null; others need
double quotes. Numbers may have a sign, a fraction and an exponent.

The other tests:

	$.a IS NULL     null, or an array with null in it; not a missing field
	$.a IS TRUE     the boolean; = true looks for the string "true"
	$.a IS FALSE
	$.a NOT EXISTS  the path leads nowhere; false for null

Keywords may be in small letters. There is no EXISTS and no IS NOT.

With a wildcard a comparison or IS holds if it holds for any selected value,
NOT EXISTS if there is none. But $.a[*] != 2 holds if $.a exists, whatever it
is, and no selected value equals 2.

Numbers are exact: integers of any length in the message, decimals in the
pattern. JSON numbers with a point or an exponent are read as 64-bit floats. For
texts and regular expressions a number reads as in the message if it is an
integer and as Java prints doubles if not: 1.50 is 1.5, 1e3 is 1000.0, 1e10 is
1.0E10.

# Fields between spaces

A pattern in brackets splits the message at white space. Text in quotation
marks or brackets is one field without them.

	[ip, user, request, status, size]     names for the fields
	[ip, , request = "GET *", status]     slots may be unnamed, or have conditions
	[level = ERROR || level = WARN, rest] several on the slot's own name
	[status = 4* && status != 404, rest]
	[bytes > 1000, rest]                  numbers compare by value: 1e3 is 1000
	[..., status, size]                   "..." is any number of fields

The message must have at least as many fields as the pattern has slots, and the
last slot takes all that is left of the line, spaces and quotation marks
included. So [level = ERROR] compares the whole line, and [level = ERROR, rest]
is what is meant. A pattern with "..." has no such last slot, and there is one
"..." at most. A comma at the end adds an unnamed slot. "[]" is "[...]".

Values are as in JSON, but a field is always a text, and != with a number holds
for a field that is no number.

[Pattern.Extract] gives the fields: $name, and $1, $2 and so on for those
without a name.

# References

A metric filter publishes a number or a reference to one, and its dimensions
are references: $.path without wildcards for JSON patterns, $name or $N for
space-delimited ones. [ParseReference] and [Pattern.Resolve] do that. The
reference need not occur in the pattern.

# Sources

The language is documented in the CloudWatch Logs user guide under "Filter
pattern syntax". Where recorded answers of the service differ from the guide,
the package follows the service. What neither tells is decided here: an asterisk
in the middle of a value is literal, duplicate JSON keys count once with their
last value, {,n} in an expression is {0,n}, and a field that is no number
differs from every number.
*/
package filterpattern
