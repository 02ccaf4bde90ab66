package io.waybill.order.notification;

import io.waybill.kernel.EmailAddress;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import org.springframework.mail.MailPreparationException;
import org.springframework.mail.javamail.JavaMailSender;

/** Hands letters to a mail server. */
final class SmtpMailbox implements Mailbox {

    private final JavaMailSender server;
    private final Mails mails;

    SmtpMailbox(JavaMailSender server, Mails mails) {
        this.server = server;
        this.mails = mails;
    }

    @Override
    public void send(Letter letter, EmailAddress to) {
        MimeMessage mail = server.createMimeMessage();
        try {
            mails.write(letter, to, mail);
        } catch (MessagingException e) {
            throw new MailPreparationException(e);
        }
        server.send(mail);
    }
}
