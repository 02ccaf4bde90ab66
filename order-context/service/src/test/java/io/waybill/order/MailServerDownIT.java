package io.waybill.order;

import static io.waybill.order.OrderFixtures.MUG;
import static io.waybill.order.OrderFixtures.STOVE;
import static io.waybill.order.OrderFixtures.TWO_MUGS_AND_A_STOVE;
import static io.waybill.order.OrderFixtures.euros;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.waybill.inventory.api.ProductListed;
import io.waybill.kernel.OrderId;
import io.waybill.messaging.tasks.Tasks;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** A mail server that takes connections and says nothing, is then away, and at last works. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class MailServerDownIT {

    private static final Duration SOON = Duration.ofSeconds(30);

    @TempDir
    private Path data;

    @Test
    void orders_are_confirmed_meanwhile_and_each_letter_arrives_afterwards_under_one_message_id() throws Exception {
        ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        int port = silent.getLocalPort();
        try (RunningOrders shop = RunningOrders.start(
                data,
                "--spring.mail.host=127.0.0.1",
                "--spring.mail.port=" + port,
                "--spring.mail.properties.mail.smtp.timeout=1500")) {
            open(shop);
            List<OrderId> orders =
                    Stream.generate(() -> isBoughtAndConfirmed(shop)).limit(3).toList();
            await().atMost(SOON).untilAsserted(() -> assertThat(letters(shop)).hasSameSizeAs(orders));
            List<String> letters = letters(shop);
            silent.close();

            GreenMail server = new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
            server.start();
            try {
                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(letters(shop)).isEmpty());
                assertThat(messageIds(server)).hasSameSizeAs(orders).doesNotHaveDuplicates();
                List<String> first = messageIds(server);

                // A crash between the sending and its being noted leaves the letter to be sent again.
                shop.bean(TransactionTemplate.class)
                        .executeWithoutResult(transaction ->
                                letters.forEach(letter -> shop.bean(Tasks.class).enqueue("order.letter", letter)));

                await().atMost(SOON)
                        .untilAsserted(() -> assertThat(messageIds(server)).hasSize(2 * orders.size()));
                assertThat(messageIds(server)).hasSameElementsAs(first);
            } finally {
                server.stop();
            }
        }
    }

    private static void open(RunningOrders shop) {
        shop.hears("inventory", new ProductListed(MUG, "Enamel mug", euros("12.50")));
        shop.hears("inventory", new ProductListed(STOVE, "Gas stove", euros("49.00")));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(shop.bean(JdbcClient.class)
                                .sql("select count(*) from price_list")
                                .query(Long.class)
                                .single())
                        .isEqualTo(2));
    }

    private static OrderId isBoughtAndConfirmed(RunningOrders shop) {
        OrderId order =
                OrderId.of(shop.post("/api/orders", TWO_MUGS_AND_A_STOVE).text("/orderId"));
        shop.isConfirmed(order);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(shop.get("/api/orders/" + order).text("/status"))
                        .isEqualTo("CONFIRMED"));
        return order;
    }

    /** The letters that are still to be sent. */
    private static List<String> letters(RunningOrders shop) {
        return shop.bean(JdbcClient.class)
                .sql("select key from task where queue = 'order.letter' order by key")
                .query(String.class)
                .list();
    }

    private static List<String> messageIds(GreenMail server) {
        return Stream.of(server.getReceivedMessages())
                .map(MailServerDownIT::messageId)
                .toList();
    }

    private static String messageId(MimeMessage mail) {
        try {
            return mail.getMessageID();
        } catch (MessagingException e) {
            throw new IllegalStateException(e);
        }
    }
}
