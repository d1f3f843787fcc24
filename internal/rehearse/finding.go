package rehearse

// Finding is something about an alarm that somebody should know before they
// rely on it.
type Finding struct {
	Rule        string `json:"rule"`
	Consequence string `json:"consequence"`
	Suggestion  string `json:"suggestion"`
}

// found is false of the zero Finding, by which a check says that all is well.
func (f Finding) found() bool { return f != Finding{} }

// findings are those that checks have made.
func findings(made ...Finding) []Finding {
	var list []Finding
	for _, f := range made {
		if f.found() {
			list = append(list, f)
		}
	}
	return list
}
