// Package deliver takes messages to their subscribers: as mail through an SMTP
// server, or as complete mail files in a folder when there is no server; as
// requests to http and https endpoints; into SQS queues; and as text messages
// to whoever can send them. Mail server and folder write the same mail, so that
// what lies in the folder is what would have been sent.
package deliver
