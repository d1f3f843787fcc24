// Package config is what the operator can set: one struct, its defaults, and
// where values come from (flags before environment before one YAML file).
// Every error names the setting, its value and where that came from.
//
// A setting has one name everywhere: "max-body" in the file is TOCSIN_MAX_BODY
// in the environment and --max-body on the command line.
package config

import "time"

// Config is everything that can be set. The key tags are the names; name and
// help are for the command line, where secrets have no flag because everybody
// on the machine can read those.
type Config struct {
	Data    string `key:"data" name:"data" placeholder:"DIR" help:"Folder that everything is kept in. Default ./tocsin-data."`
	API     string `key:"api" name:"api" placeholder:"HOST:PORT" help:"Where the AWS API listens. Default 127.0.0.1:4566."`
	Console string `key:"console" name:"console" placeholder:"HOST:PORT" help:"Where console, health and metrics listen. Default 127.0.0.1:4567."`
	Account string `key:"account" name:"account" placeholder:"ID" help:"Account of the root key. Default 000000000000."`
	Region  string `key:"region" name:"region" placeholder:"REGION" help:"Region of what is set up without one. Default us-east-1."`

	Trail      []string `key:"trail" name:"trail" placeholder:"PATH" sep:"none" help:"Folder of CloudTrail log files to follow. May be repeated."`
	TrailGroup string   `key:"trail-log-group" name:"trail-log-group" placeholder:"NAME" help:"Log group that the trails are delivered to. Default CloudTrail/DefaultLogGroup."`
	Notify     string   `key:"notify" name:"notify" placeholder:"ADDRESS" help:"Mail address that the alarms of the trails notify."`
	SMTP       string   `key:"smtp" name:"smtp" secret:"url" placeholder:"URL" help:"Mail server: smtp://user:password@host:port or smtps://... Without it mails are files in the data folder."`
	MailFrom   string   `key:"mail-from" name:"mail-from" placeholder:"ADDRESS" help:"Sender of the mails. Default tocsin@localhost."`
	PublicURL  string   `key:"public-url" name:"public-url" placeholder:"URL" help:"How others reach the API, for links in mails. Default: the API address."`
	ConfirmGet bool     `key:"confirm-on-get" name:"confirm-on-get" help:"Confirm and unsubscribe on a visit to the link alone, as AWS does. Mail scanners visit links."`

	SQSEndpoint     string   `key:"sqs-endpoint" name:"sqs-endpoint" secret:"url" placeholder:"URL" help:"SQS API that delivers to subscribed queues: http[s]://[accessKeyID:secret@]host[:port]. Without it there are no subscribers by sqs."`
	AllowDeliveryTo []string `key:"allow-delivery-to" name:"allow-delivery-to" placeholder:"CIDR" sep:"none" help:"Network that http and https subscribers may be in although it is not on the Internet, as 10.0.0.0/8. May be repeated."`

	MatchRetention Duration `key:"match-retention" name:"match-retention" placeholder:"TIME" help:"How long to remember which events rang, as 90d or 36h. Default 90d."`
	MaxBody        Size     `key:"max-body" name:"max-body" placeholder:"SIZE" help:"Largest request to the API, as 8MiB. Default 8MiB."`
	LogFormat      string   `key:"log-format" name:"log-format" placeholder:"FORMAT" help:"Log as text or json. Default text."`
	LogLevel       string   `key:"log-level" name:"log-level" placeholder:"LEVEL" help:"Log from debug, info, warn or error. Default info."`

	RootAccessKeyID     string `key:"root-access-key-id" kong:"-"`
	RootSecretAccessKey string `key:"root-secret-access-key" secret:"all" kong:"-"`

	from map[string]string // where a value came from, by key
}

// Default is the configuration of somebody who sets nothing.
func Default() Config {
	return Config{
		Data:           "./tocsin-data",
		API:            "127.0.0.1:4566",
		Console:        "127.0.0.1:4567",
		Account:        "000000000000",
		Region:         "us-east-1",
		TrailGroup:     "CloudTrail/DefaultLogGroup",
		MailFrom:       "tocsin@localhost",
		MatchRetention: Duration(90 * 24 * time.Hour),
		MaxBody:        8 << 20,
		LogFormat:      "text",
		LogLevel:       "info",
	}
}
