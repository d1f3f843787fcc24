package wire_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/tocsin-dev/tocsin/internal/awsapi/shapes/logs"
	"github.com/tocsin-dev/tocsin/internal/awsapi/wire"
)

func TestQuickPutLogEvents(t *testing.T) {
	const plain = `{"logGroupName":"/g","logStreamName":"s","logEvents":[{"timestamp":1,"message":"a"}]}`
	for _, tc := range []struct {
		name, body string
		quick      bool
	}{
		{"plain", plain, true},
		{"spaces, another order", " { \"logEvents\" : [ {\"message\" : \"a\" , \"timestamp\" : 0 } ] ,\n\"logStreamName\":\"s\",\"logGroupName\":\"g\" } ", true},
		{"escapes", strings.Replace(plain, `"a"`, `"\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00é"`, 1), true},
		{"half a pair", strings.Replace(plain, `"a"`, `"\ud83d\ud83d\ude00\u"`, 1), false},
		{"not UTF-8", strings.Replace(plain, `"a"`, "\"\xff\"", 1), true},
		{"control character", strings.Replace(plain, `"a"`, "\"\x01\"", 1), false},
		{"empty message", strings.Replace(plain, `"a"`, `""`, 1), false},
		{"no timestamp", strings.Replace(plain, `"timestamp":1,`, ``, 1), false},
		{"negative timestamp", strings.Replace(plain, `:1,`, `:-1,`, 1), false},
		{"fraction", strings.Replace(plain, `:1,`, `:1.0,`, 1), false},
		{"leading zero", strings.Replace(plain, `:1,`, `:01,`, 1), false},
		{"null", strings.Replace(plain, `"a"`, `null`, 1), false},
		{"token", strings.Replace(plain, `{"logG`, `{"sequenceToken":"t","logG`, 1), false},
		{"no events", `{"logGroupName":"/g","logStreamName":"s","logEvents":[]}`, false},
		{"stream with a space", strings.Replace(plain, `"s"`, `"a b"`, 1), false},
		{"something behind", plain + "{}", false},
		{"cut off", plain[:len(plain)-1], false},
		{"comma at the end", strings.Replace(plain, `}]`, `},]`, 1), false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := new(logs.PutLogEventsInput).QuickJSON([]byte(tc.body)); got != tc.quick {
				t.Errorf("QuickJSON(%s) = %v, want %v", tc.body, got, tc.quick)
			}
			sameAsGeneral(t, []byte(tc.body))
		})
	}
	if !new(logs.PutLogEventsInput).QuickJSON(putLogEventsBody(10)) {
		t.Error("QuickJSON of CloudTrail records = false, want true")
	}
}

// PutLogEventsInput is without the quick decoder.
type PutLogEventsInput logs.PutLogEventsInput

// sameAsGeneral holds the quick decoder against the general path.
func sameAsGeneral(t *testing.T, body []byte) {
	t.Helper()
	var quick logs.PutLogEventsInput
	if !quick.QuickJSON(body) {
		return
	}
	e := endpoint[PutLogEventsInput, logs.PutLogEventsOutput](t, logs.Model())
	got, err := e.Decode(wire.Request{Protocol: wire.JSON11, Body: body})
	if err != nil {
		t.Fatalf("QuickJSON(%q) = true, but the general path says %v", body, errors.Unwrap(err))
	}
	if want := PutLogEventsInput(quick); !reflect.DeepEqual(got, &want) {
		t.Errorf("QuickJSON(%q) = %+v, the general path reads %+v", body, quick, got)
	}
}

func FuzzQuickPutLogEvents(f *testing.F) {
	f.Add(putLogEventsBody(2))
	f.Add([]byte(`{"logGroupName":"/g","logStreamName":"s","logEvents":[{"timestamp":1,"message":"\u00e9\ud83d\ude00"},{"message":"\\\"","timestamp":2}]}`))
	f.Fuzz(sameAsGeneral)
}
