package rehearse

func noActions(a Alarm) Finding {
	if len(a.AlarmActions) > 0 {
		return Finding{}
	}
	consequence := "The alarm goes to ALARM and tells nobody: AlarmActions is empty."
	if len(a.OKActions)+len(a.InsufficientDataActions) > 0 {
		consequence = "The alarm tells when it has returned and not when it rings: AlarmActions is empty, other actions are set."
	}
	return Finding{"no-alarm-actions", consequence, "Set AlarmActions to the ARN of an SNS topic."}
}

func actionsDisabled(a Alarm) Finding {
	if a.ActionsEnabled == nil || *a.ActionsEnabled {
		return Finding{}
	}
	return Finding{"actions-disabled", "ActionsEnabled is false: the state changes and no action runs, also none later for what happened meanwhile.",
		"Run aws cloudwatch enable-alarm-actions, or set ActionsEnabled to true."}
}
