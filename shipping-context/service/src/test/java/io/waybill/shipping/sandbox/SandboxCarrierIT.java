package io.waybill.shipping.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.shipping.ShippingFixtures;
import io.waybill.shipping.booking.Carrier;
import io.waybill.shipping.booking.Carrier.BookingAnswer;
import io.waybill.shipping.booking.Carrier.BookingAnswer.Booked;
import io.waybill.shipping.booking.Carrier.BookingAnswer.Refused;
import io.waybill.shipping.sandbox.SandboxCall.Kind;
import io.waybill.testing.TestServers;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.jdbc.support.JdbcTransactionManager;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class SandboxCarrierIT {

    private static DataSource dataSource;

    private SandboxBooks books;
    private Carrier carrier;

    @BeforeAll
    static void migrate() {
        dataSource = TestServers.freshDatabase("shipping_sandbox").dataSource();
        new ResourceDatabasePopulator(new ClassPathResource("db/shipping/V1002__sandbox.sql")).execute(dataSource);
    }

    @BeforeEach
    void open() {
        JdbcClient jdbc = JdbcClient.create(dataSource);
        jdbc.sql("TRUNCATE sandbox_shipment_call").update();
        books = new SandboxBooks(jdbc, new JdbcTransactionManager(dataSource));
        carrier = new SandboxCarrier(books);
    }

    @Test
    void a_booking_and_its_repetition_get_the_same_tracking_code() {
        BookingAnswer first = book("shp_1-1a");

        assertThat(first).isEqualTo(new Booked("SBX-1A"));
        assertThat(book("shp_1-1a")).isEqualTo(first);
        assertThat(books.calls()).extracting(SandboxCall::effective).containsExactly(true, false);
    }

    @Test
    void one_postal_code_is_refused_each_time() {
        for (int attempt = 1; attempt <= 2; attempt++) {
            assertThat(carrier.book("shp_1", ShippingFixtures.addressWith("00000")))
                    .isEqualTo(new Refused("postal_code_not_served"));
        }
        assertThat(books.calls()).extracting(SandboxCall::effective).containsExactly(false, false);
    }

    @Test
    void a_booking_is_taken_back_once() {
        book("shp_1");

        carrier.cancel("shp_1");
        carrier.cancel("shp_1");

        assertThat(books.calls()).extracting(SandboxCall::effective).containsExactly(true, true, false);
    }

    @Test
    void a_booking_that_arrives_after_its_cancellation_is_refused() {
        carrier.cancel("shp_1");

        assertThat(book("shp_1")).isEqualTo(new Refused("cancelled_before"));
        assertThat(books.calls()).extracting(SandboxCall::effective).containsExactly(false, false);
    }

    @Test
    void of_a_booking_and_a_cancellation_at_the_same_time_no_booking_remains() {
        IntStream.range(0, 100).parallel().mapToObj(i -> "shp_" + i).forEach(key -> {
            CompletableFuture<?> booking = CompletableFuture.supplyAsync(() -> book(key));
            carrier.cancel(key);
            booking.join();

            assertThat(effective(key, Kind.BOOK)).isEqualTo(effective(key, Kind.CANCEL));
        });
    }

    private BookingAnswer book(String key) {
        return carrier.book(key, ShippingFixtures.addressWith("N1 9GU"));
    }

    private long effective(String key, Kind kind) {
        return books.calls(key).stream()
                .filter(call -> call.effective() && call.kind() == kind)
                .count();
    }
}
