package io.waybill.order.notification;

import static io.waybill.order.OrderFixtures.ORDER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.icegreen.greenmail.junit5.GreenMailExtension;
import com.icegreen.greenmail.util.ServerSetupTest;
import io.waybill.kernel.EmailAddress;
import io.waybill.kernel.OrderId;
import io.waybill.messaging.tasks.TaskResult;
import io.waybill.messaging.tracing.Tracing;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.mail.MailException;
import org.springframework.mail.javamail.JavaMailSenderImpl;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MailboxTest {

    private static final Letter CONFIRMED =
            new Letter(News.CONFIRMED, ORDER, Instant.parse("2026-11-22T12:00:00.5Z"), "7f1f1a0e-1");
    private static final EmailAddress ADA = EmailAddress.of("ada@example.org");
    private static final Mails MAILS = new Mails(new NotificationSettings("orders@waybill.local"));

    @Test
    void a_letter_is_known_by_its_key() {
        assertThat(Letter.ofKey(CONFIRMED.key())).isEqualTo(CONFIRMED);
    }

    @Nested
    class With_a_mail_server {

        @RegisterExtension
        private final GreenMailExtension server =
                new GreenMailExtension(ServerSetupTest.SMTP.dynamicPort()).withPerMethodLifecycle(true);

        @Test
        void the_customer_gets_a_mail() throws MessagingException, IOException {
            assertThat(task(server.getSmtp().getPort()).handle(CONFIRMED.key(), 1))
                    .isEqualTo(TaskResult.done());

            MimeMessage mail = server.getReceivedMessages()[0];
            assertThat(mail.getSubject()).isEqualTo("Your order " + ORDER + " is confirmed");
            assertThat(mail.getRecipients(Message.RecipientType.TO))
                    .extracting(Object::toString)
                    .containsExactly("ada@example.org");
            assertThat(mail.getFrom()).extracting(Object::toString).containsExactly("orders@waybill.local");
            assertThat(mail.getContent().toString()).contains(ORDER.value());
        }

        @Test
        void a_repeat_has_the_same_message_id() throws MessagingException {
            LetterTask task = task(server.getSmtp().getPort());
            task.handle(CONFIRMED.key(), 1);
            task.handle(CONFIRMED.key(), 2);

            assertThat(server.getReceivedMessages()).hasSize(2);
            for (MimeMessage mail : server.getReceivedMessages()) {
                assertThat(mail.getMessageID()).isEqualTo("<7f1f1a0e-1@waybill>");
            }
        }

        @Test
        void a_server_that_is_down_lets_the_letter_be_tried_again() {
            int port = server.getSmtp().getPort();
            server.stop();
            assertThatExceptionOfType(MailException.class)
                    .isThrownBy(() -> task(port).handle(CONFIRMED.key(), 1));
        }

        @Test
        void nobody_is_written_to_whose_address_was_forgotten() {
            known.clear();

            assertThat(task(server.getSmtp().getPort()).handle(CONFIRMED.key(), 1))
                    .isEqualTo(TaskResult.done());

            assertThat(server.getReceivedMessages()).isEmpty();
        }

        private final Map<OrderId, EmailAddress> known = new HashMap<>(Map.of(ORDER, ADA));

        private LetterTask task(int port) {
            JavaMailSenderImpl sender = new JavaMailSenderImpl();
            sender.setHost("127.0.0.1");
            sender.setPort(port);
            return new LetterTask(new SmtpMailbox(sender, MAILS), new Remembered(known), Tracing.off());
        }
    }

    private record Remembered(Map<OrderId, EmailAddress> all) implements Contacts {

        @Override
        public void remember(OrderId orderId, EmailAddress email) {
            all.put(orderId, email);
        }

        @Override
        public Optional<EmailAddress> of(OrderId orderId) {
            return Optional.ofNullable(all.get(orderId));
        }
    }

    @Nested
    class Without_a_mail_server {

        @TempDir
        private Path folder;

        @Test
        void each_letter_is_a_mail_in_the_folder() throws IOException, MessagingException {
            new FolderMailbox(folder.resolve("mail"), MAILS).send(CONFIRMED, ADA);

            Path file = folder.resolve("mail").resolve(ORDER + "-confirmed.eml");
            try (InputStream in = Files.newInputStream(file)) {
                MimeMessage mail = new MimeMessage(Session.getInstance(new Properties()), in);
                assertThat(mail.getMessageID()).isEqualTo("<7f1f1a0e-1@waybill>");
                assertThat(mail.getSubject()).contains("is confirmed");
            }
        }

        @Test
        void a_repeat_replaces_its_file_and_leaves_no_draft() throws IOException {
            FolderMailbox mailbox = new FolderMailbox(folder, MAILS);
            mailbox.send(CONFIRMED, ADA);
            mailbox.send(CONFIRMED, ADA);

            try (Stream<Path> files = Files.list(folder)) {
                assertThat(files.map(Path::getFileName).map(Path::toString).toList())
                        .isEqualTo(List.of(ORDER + "-confirmed.eml"));
            }
        }
    }
}
