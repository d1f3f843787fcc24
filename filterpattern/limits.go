package filterpattern

import "fmt"

// AWS's limits on what one JSON or space-delimited pattern may contain.
const (
	maxRegexes           = 2
	maxWildcards         = 1 // in a selector
	maxWildcardSelectors = 3
)

func checkLimits(root Node) error {
	var err error
	regexes, wildcards := 0, 0
	Walk(root, func(n Node) {
		if err != nil {
			return
		}
		switch n := n.(type) {
		case *Regexp:
			regexes++
			err = checkRegexes(n, regexes)
		case *Selector:
			if n.wildcards() > 0 {
				wildcards++
			}
			err = checkWildcards(n, wildcards)
		}
	})
	return err
}

func checkRegexes(r *Regexp, count int) error {
	if count <= maxRegexes {
		return nil
	}
	return &SyntaxError{r.Pos(), fmt.Sprintf("Your input has exceeded the maximum of %d regular expressions per filter pattern.", maxRegexes)}
}

func checkWildcards(s *Selector, count int) error {
	switch {
	case s.wildcards() > maxWildcards:
		return &SyntaxError{s.Pos(), fmt.Sprintf("Your filter pattern has a JSON path selector that exceeds the maximum of %d wildcard allowed per json selector.", maxWildcards)}
	case count > maxWildcardSelectors:
		// The limit is documented; AWS's text for it is not known.
		return &SyntaxError{s.Pos(), fmt.Sprintf("Your filter pattern exceeds the maximum of %d wildcard JSON path selectors allowed per filter pattern.", maxWildcardSelectors)}
	}
	return nil
}
