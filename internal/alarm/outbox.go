package alarm

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/tocsin-dev/tocsin/internal/arn"
)

// act executes owed actions whenever there are some.
func (s *Service) act(ctx context.Context) error {
	for {
		waiting, err := s.Act(ctx, time.Now())
		s.report(ctx, "execute actions", err)
		var retry <-chan time.Time
		if waiting || err != nil {
			retry = time.After(retryAfter)
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-s.owed:
		case <-retry:
		}
	}
}

// Act executes the actions that are owed, in order of arrival, and says whether
// some are to be tried again.
func (s *Service) Act(ctx context.Context, now time.Time) (waiting bool, err error) {
	for after := int64(0); ; {
		actions, err := s.store.Pending(ctx, after, together)
		if err != nil {
			return waiting, fmt.Errorf("pending actions: %w", err)
		}
		if len(actions) == 0 {
			return waiting, nil
		}
		for _, a := range actions {
			after = a.Sequence
			done, err := s.execute(ctx, a, clean(now))
			if err != nil {
				return waiting, fmt.Errorf("action %s of alarm %s: %w", a.Target, a.Transition.Alarm.Name, err)
			}
			waiting = waiting || !done
		}
	}
}

// execute runs one action and writes down how it went. An action that failed
// for a reason that may pass stays owed for an hour.
func (s *Service) execute(ctx context.Context, a Action, now time.Time) (done bool, err error) {
	err = s.publish(ctx, a)
	var refusal *Refusal
	failure := ""
	switch {
	case errors.As(err, &refusal):
		failure = refusal.Message
	case err != nil && ctx.Err() != nil:
		return false, err
	case err != nil && now.Sub(a.Transition.due()) < giveUp:
		s.log.Warn("alarm action is tried again", "alarm", a.Transition.Alarm.ARN(), "target", a.Target, "err", err)
		return false, nil
	case err != nil:
		failure = err.Error()
	}
	if failure != "" {
		s.log.Warn("alarm action failed", "alarm", a.Transition.Alarm.ARN(), "target", a.Target, "err", failure)
	}
	return true, s.store.Finish(ctx, a, a.ran(now, failure))
}

// publish sends a notification to a topic. Other kinds of targets are accepted
// in alarms, as on AWS, and fail here.
func (s *Service) publish(ctx context.Context, a Action) error {
	target, err := arn.Parse(a.Target)
	if err != nil {
		return &Refusal{Message: fmt.Sprintf("Invalid arn syntax: %s", a.Target)}
	}
	if target.Service != "sns" {
		return &Refusal{Message: fmt.Sprintf("Actions of the service %s are not supported, only those of sns", target.Service)}
	}
	return s.publisher.Publish(ctx, a.notification())
}
