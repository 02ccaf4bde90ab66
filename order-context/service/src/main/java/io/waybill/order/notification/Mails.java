package io.waybill.order.notification;

import io.waybill.kernel.EmailAddress;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.nio.charset.StandardCharsets;
import java.util.Date;

/** Writes a letter as a mail. */
record Mails(NotificationSettings settings) {

    void write(Letter letter, EmailAddress to, MimeMessage mail) throws MessagingException {
        mail.setFrom(settings.from());
        mail.setRecipients(MimeMessage.RecipientType.TO, to.value());
        mail.setSubject(letter.subject(), StandardCharsets.UTF_8.name());
        mail.setText(letter.text(), StandardCharsets.UTF_8.name());
        mail.setSentDate(Date.from(letter.at()));
        mail.setHeader("Message-ID", letter.messageId());
        mail.setHeader("Auto-Submitted", "auto-generated");
    }
}
