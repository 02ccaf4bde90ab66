package io.waybill.order.notification;

import io.waybill.kernel.EmailAddress;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;
import java.util.Properties;
import org.springframework.mail.MailPreparationException;

/** Keeps letters as files that mail programs open, for systems without a mail server. A repeat replaces its file. */
final class FolderMailbox implements Mailbox {

    private final Path folder;
    private final Mails mails;

    FolderMailbox(Path folder, Mails mails) {
        this.folder = folder;
        this.mails = mails;
    }

    @Override
    public void send(Letter letter, EmailAddress to) {
        try {
            Files.createDirectories(folder);
            Path draft = Files.createTempFile(folder, "draft-", ".tmp");
            try (OutputStream out = Files.newOutputStream(draft)) {
                new Written(letter, to, mails).writeTo(out);
            }
            Files.move(
                    draft,
                    folder.resolve(fileName(letter)),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("The mail folder cannot be written", e);
        } catch (MessagingException e) {
            throw new MailPreparationException(e);
        }
    }

    private static String fileName(Letter letter) {
        return letter.orderId() + "-" + letter.news().name().toLowerCase(Locale.ROOT) + ".eml";
    }

    /** A mail whose Message-ID survives being written. */
    private static final class Written extends MimeMessage {

        /** One for all: each new one looks for its providers on the whole class path. */
        private static final Session SESSION = Session.getInstance(new Properties());

        private final String id;

        Written(Letter letter, EmailAddress to, Mails mails) throws MessagingException {
            super(SESSION);
            id = letter.messageId();
            mails.write(letter, to, this);
            saveChanges();
        }

        @Override
        protected void updateMessageID() throws MessagingException {
            setHeader("Message-ID", id);
        }
    }
}
