package filterpattern_test

import (
	"errors"
	"fmt"

	"github.com/tocsin-dev/tocsin/filterpattern"
)

func Example() {
	p, err := filterpattern.Parse(`{ $.errorCode = "AccessDenied*" && $.eventName != HeadBucket }`)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Match([]byte(`{"eventName":"ListUsers","errorCode":"AccessDeniedException"}`)))
	fmt.Println(p.Match([]byte(`{"eventName":"ListUsers"}`)))
	// Output:
	// true
	// false
}

func ExampleParse_error() {
	_, err := filterpattern.Parse("{ $.userName = 'root' }")
	fmt.Println(err)
	var syntax *filterpattern.SyntaxError
	fmt.Println(errors.As(err, &syntax), syntax.Offset)
	// Output:
	// Invalid character(s) in term '''
	// true 15
}

func ExamplePattern_String() {
	p := filterpattern.MustParse("{(($.eventSource=kms.amazonaws.com)&&(($.eventName=DisableKey)||($.eventName=ScheduleKeyDeletion)))}")
	fmt.Println(p)
	// Output:
	// { $.eventSource = "kms.amazonaws.com" && ($.eventName = "DisableKey" || $.eventName = "ScheduleKeyDeletion") }
}

// One event may meet many patterns and is decoded once.
func ExampleNewEvent() {
	e := filterpattern.NewEvent([]byte(`{"level":"error","latency":1.5}`))
	for _, text := range []string{"error", "{ $.level = error }", "{ $.latency > 2 }"} {
		fmt.Println(text, filterpattern.MustParse(text).MatchEvent(e))
	}
	// Output:
	// error true
	// { $.level = error } true
	// { $.latency > 2 } false
}

func ExamplePattern_Extract() {
	p := filterpattern.MustParse("[ip, ..., status = 4*, size]")
	e := filterpattern.NewEvent([]byte(`127.0.0.1 - [10/Oct/2000:13:25:15 -0700] "GET /x HTTP/1.0" 404 1534`))
	fmt.Println(p.Extract(e))
	// Output:
	// map[$2:- $3:10/Oct/2000:13:25:15 -0700 $4:GET /x HTTP/1.0 $ip:127.0.0.1 $size:1534 $status:404]
}

func ExamplePattern_Resolve() {
	p := filterpattern.MustParse("{ $.latency = * }")
	latency, err := filterpattern.ParseReference("$.latency")
	if err != nil {
		fmt.Println(err)
		return
	}
	v, ok := p.Resolve(latency, filterpattern.NewEvent([]byte(`{"latency":50}`)))
	f, number := v.Float64()
	fmt.Println(v.Text, ok, f, number)
	// Output:
	// 50 true 50 true
}

func ExamplePattern_Explain() {
	p := filterpattern.MustParse(`{ $.eventName = "ConsoleLogin" && $.additionalEventData.MFAUsed != "Yes" }`)
	fmt.Print(p.Explain())
	// Output:
	// Matches a message that is one JSON object, if
	//   all of these are true:
	//     $.eventName is "ConsoleLogin"
	//     $.additionalEventData.MFAUsed is a string or number and is not "Yes"
}

func ExamplePattern_Trace() {
	p := filterpattern.MustParse(`{ $.additionalEventData.MFAUsed != "Yes" }`)
	e := filterpattern.NewEvent([]byte(`{"eventName":"ConsoleLogin"}`))
	fmt.Print(p.Trace(e))
	// Output:
	// ✗ { $.additionalEventData.MFAUsed != "Yes" }: the message is one JSON object
	//   ✗ $.additionalEventData.MFAUsed != "Yes": $.additionalEventData.MFAUsed is missing: there is no $.additionalEventData; != is false on a missing field
}
