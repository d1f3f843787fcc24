package deliver

import (
	"embed"
	"html/template"
	"strings"

	"github.com/tocsin-dev/tocsin/internal/topic"
)

//go:embed templates/*.html
var templates embed.FS

var pages = template.Must(template.ParseFS(templates, "templates/*.html"))

// footer is what AWS puts below every mail, line for line.
func (c *Composer) footer(d topic.Delivery) string {
	return strings.Join([]string{
		"--",
		"If you wish to stop receiving notifications from this topic, please click or visit the link below to unsubscribe:",
		c.links.unsubscribePage(d.Subscription),
		"",
		"Please do not reply directly to this email. If you have any questions or comments regarding this email, please contact us at " + c.supportURL,
	}, "\n") + "\n"
}

// notification is AWS's text, our explanation, AWS's footer.
func (c *Composer) notification(d topic.Delivery) (text, html string, err error) {
	body := readable(d.Message.TextFor("email"))
	sections := []string{strings.TrimRight(body, "\n")}
	data := struct {
		Subject, Body, UnsubscribeURL, SupportURL string
		Explanation                               template.HTML
	}{Subject: oneLine(d.Message.Subject), Body: body, UnsubscribeURL: c.links.unsubscribePage(d.Subscription), SupportURL: c.supportURL}
	if explanation := d.Message.Explanation; explanation != nil {
		if explanation.Text != "" {
			sections = append(sections, strings.Trim(readable(explanation.Text), "\n"))
		}
		data.Explanation = template.HTML(explanation.HTML) // a safe fragment, by the contract of topic.Explanation
	}
	var page strings.Builder
	if err := pages.ExecuteTemplate(&page, "notification.html", data); err != nil {
		return "", "", err
	}
	return strings.Join(append(sections, c.footer(d)), "\n\n"), page.String(), nil
}

// confirmation asks the reader of an address to confirm the subscription.
func (c *Composer) confirmation(d topic.Delivery) (text, html string, err error) {
	link := c.links.confirm(d.Message)
	text = strings.Join([]string{
		"You have chosen to subscribe to the topic:",
		d.Message.TopicARN,
		"",
		"To confirm this subscription, click or visit the link below (If this was in error no action is necessary):",
		link,
		"",
		"Please do not reply directly to this email. If you have any questions or comments regarding this email, please contact us at " + c.supportURL,
	}, "\n") + "\n"
	var page strings.Builder
	err = pages.ExecuteTemplate(&page, "confirmation.html", struct{ TopicARN, ConfirmURL, SupportURL string }{d.Message.TopicARN, link, c.supportURL})
	return text, page.String(), err
}
