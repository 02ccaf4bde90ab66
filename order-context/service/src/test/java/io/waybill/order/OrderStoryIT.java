package io.waybill.order;

import static io.waybill.order.OrderFixtures.ADDRESS_AS_JSON;
import static io.waybill.order.OrderFixtures.MUG;
import static io.waybill.order.OrderFixtures.STOVE;
import static io.waybill.order.OrderFixtures.TWO_MUGS_AND_A_STOVE;
import static io.waybill.order.OrderFixtures.euros;
import static io.waybill.order.OrderFixtures.orderAsJson;
import static io.waybill.order.OrderFixtures.paymentCompleted;
import static io.waybill.order.OrderFixtures.paymentRefunded;
import static io.waybill.order.OrderFixtures.shipmentCreated;
import static io.waybill.order.OrderFixtures.shipmentDispatched;
import static io.waybill.order.OrderFixtures.stockReservationFailed;
import static io.waybill.order.OrderFixtures.stockReserved;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.waybill.inventory.api.PriceChanged;
import io.waybill.inventory.api.ProductListed;
import io.waybill.inventory.api.ReleaseStock;
import io.waybill.inventory.api.ReserveStock;
import io.waybill.inventory.api.StockReleased;
import io.waybill.kernel.Money;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.PaymentId;
import io.waybill.kernel.ShipmentId;
import io.waybill.kernel.Sku;
import io.waybill.payment.api.PaymentVoided;
import io.waybill.payment.api.ProcessPayment;
import io.waybill.payment.api.RefundFailed;
import io.waybill.payment.api.RefundPayment;
import io.waybill.shipping.api.CancelShipment;
import io.waybill.shipping.api.CreateShipment;
import io.waybill.shipping.api.ShipmentCancelled;
import io.waybill.shipping.api.ShipmentDelivered;
import io.waybill.shipping.api.ShipmentRequested;
import io.waybill.testing.Answer;
import io.waybill.testing.Answer.Problem;
import io.waybill.testing.ContextDoor;
import io.waybill.testing.LiveListener;
import io.waybill.testing.TestTokens;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/** Customers buy over HTTP; payment, inventory and shipping are asked by their queues and answer on the exchange. */
@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class OrderStoryIT {

    private static final Sku LAMP_PRICED_IN_DOLLARS = Sku.of("LAMP");
    private static final Sku DIAMOND_AT_THE_HIGHEST_PRICE = Sku.of("DIAMOND");

    @TempDir
    private static Path data;

    private static RunningOrders shop;

    @BeforeAll
    static void openTheShop() {
        shop = RunningOrders.start(
                data,
                "--waybill.fulfilment.first-wait=3s",
                "--waybill.fulfilment.max-wait=3s",
                "--waybill.fulfilment.compensation-retries=0");
        shop.hears("inventory", new ProductListed(MUG, "Enamel mug", euros("12.00")));
        shop.hears("inventory", new ProductListed(STOVE, "Gas stove", euros("49.00")));
        shop.hears("inventory", new ProductListed(LAMP_PRICED_IN_DOLLARS, "Lamp", Money.parse("30.00", "USD")));
        shop.hears(
                "inventory",
                new ProductListed(DIAMOND_AT_THE_HIGHEST_PRICE, "Diamond", Money.ofMinor(Long.MAX_VALUE, "EUR")));
        shop.hears("inventory", new PriceChanged(MUG, euros("12.50")));
        await().untilAsserted(() -> assertThat(jdbc().sql(
                                "select count(*) from price_list" + " where sku <> 'MUG-ENAMEL' or amount_minor = 1250")
                        .query(Long.class)
                        .single())
                .isEqualTo(4));
    }

    @AfterAll
    static void closeTheShop() {
        shop.close();
    }

    private static JdbcClient jdbc() {
        return shop.bean(JdbcClient.class);
    }

    private static OrderId buy() {
        Answer answer = shop.post("/api/orders", TWO_MUGS_AND_A_STOVE);
        assertThat(answer.status()).isEqualTo(202);
        return placed(answer);
    }

    private static OrderId placed(Answer answer) {
        return OrderId.of(answer.text("/orderId"));
    }

    private static Answer seen(OrderId orderId) {
        return shop.get("/api/orders/" + orderId);
    }

    private static void becomes(String status, OrderId orderId) {
        await().atMost(Duration.ofSeconds(15))
                .untilAsserted(() -> assertThat(seen(orderId).text("/status")).isEqualTo(status));
    }

    @Nested
    class An_order {

        @Test
        void is_bought_and_delivered() {
            Answer accepted = shop.post("/api/orders", TWO_MUGS_AND_A_STOVE);
            OrderId orderId = placed(accepted);
            assertThat(accepted.status()).isEqualTo(202);
            assertThat(accepted.text("/status")).isEqualTo("PLACED");
            assertThat(accepted.header("location")).isEqualTo("/api/orders/" + orderId);
            assertThat(seen(orderId).status()).isEqualTo(200);

            ProcessPayment payment = shop.isAsked("payment", ProcessPayment.class, orderId);
            assertThat(payment.amount()).isEqualTo(euros("74.00"));
            shop.hears("payment", paymentCompleted(orderId));
            becomes("PAID", orderId);
            shop.isAsked("inventory", ReserveStock.class, orderId);
            shop.hears("inventory", stockReserved(orderId));
            becomes("RESERVED", orderId);
            CreateShipment shipment = shop.isAsked("shipping", CreateShipment.class, orderId);
            shop.hears(
                    "shipping",
                    new ShipmentRequested(shipment.shipmentId(), orderId, shipment.customerId(), shipment.address()));
            shop.hears("shipping", shipmentCreated(orderId));
            becomes("CONFIRMED", orderId);
            shop.hears("shipping", shipmentDispatched(orderId));
            becomes("DISPATCHED", orderId);
            shop.hears("shipping", new ShipmentDelivered(ShipmentId.forOrder(orderId), orderId));
            becomes("DELIVERED", orderId);

            Answer delivered = seen(orderId);
            assertThat(delivered.text("/total/amount")).isEqualTo("74.00");
            assertThat(delivered.text("/lines/0/unitPrice/amount")).isEqualTo("12.50");
            assertThat(delivered.text("/payment/status")).isEqualTo("COMPLETED");
            assertThat(delivered.text("/shipment/trackingCode")).isEqualTo("TRACK-1");
            assertThat(delivered.text("/shipment/status")).isEqualTo("DELIVERED");
            Answer history = shop.get("/api/orders/" + orderId + "/history");
            assertThat(types(history))
                    .containsExactly(
                            "waybill.order.OrderPlaced.v1",
                            "waybill.payment.PaymentCompleted.v1",
                            "waybill.inventory.StockReserved.v1",
                            "waybill.shipping.ShipmentRequested.v1",
                            "waybill.shipping.ShipmentCreated.v1",
                            "waybill.order.OrderConfirmed.v1",
                            "waybill.shipping.ShipmentDispatched.v1",
                            "waybill.order.OrderDispatched.v1",
                            "waybill.shipping.ShipmentDelivered.v1",
                            "waybill.order.OrderDelivered.v1");
            assertThat(history.body().toString()).doesNotContain("St James").contains("/waybill/payment");
            await().untilAsserted(() -> assertThat(data.resolve("mail"))
                    .isDirectoryContaining("glob:**" + orderId + "-confirmed.eml")
                    .isDirectoryContaining("glob:**" + orderId + "-dispatched.eml"));
        }

        @Test
        void of_the_highest_price_is_accepted_to_the_cent() {
            Answer accepted = shop.post("/api/orders", orderAsJson("{\"sku\":\"DIAMOND\",\"quantity\":1}"));

            assertThat(accepted.status()).isEqualTo(202);
            assertThat(seen(placed(accepted)).text("/total/amount")).isEqualTo("92233720368547758.07");
        }

        @Test
        void out_of_stock_is_refunded_and_rejected() {
            OrderId orderId = buy();
            shop.isPaid(orderId);
            shop.isAsked("inventory", ReserveStock.class, orderId);
            shop.hears("inventory", stockReservationFailed(orderId));
            shop.isAsked("payment", RefundPayment.class, orderId);
            shop.hears("payment", paymentRefunded(orderId));

            becomes("REJECTED", orderId);
            assertThat(seen(orderId).text("/reason")).isEqualTo("OUT_OF_STOCK");
            assertThat(seen(orderId).text("/payment/status")).isEqualTo("REFUNDED");
            assertThat(cancel(orderId).status()).isEqualTo(409);
            assertThat(cancel(orderId).text("/code")).isEqualTo("ORDER_NOT_CANCELLABLE");
        }

        @Test
        void confirmed_and_then_cancelled_is_undone_step_by_step() {
            OrderId orderId = buy();
            shop.isConfirmed(orderId);
            becomes("CONFIRMED", orderId);

            Answer cancelling = cancel(orderId);
            assertThat(cancelling.status()).isEqualTo(202);
            assertThat(cancelling.text("/status")).isEqualTo("CANCELLING");
            shop.isAsked("shipping", CancelShipment.class, orderId);
            shop.hears("shipping", new ShipmentCancelled(ShipmentId.forOrder(orderId), orderId));
            shop.isAsked("inventory", ReleaseStock.class, orderId);
            shop.hears("inventory", stockReserved(orderId));
            shop.hears("inventory", new StockReleased(orderId, List.of()));
            shop.isAsked("payment", RefundPayment.class, orderId);
            assertThat(seen(orderId).text("/status")).isEqualTo("CANCELLING");
            shop.hears("payment", paymentRefunded(orderId));

            becomes("CANCELLED", orderId);
            assertThat(cancel(orderId).status()).isEqualTo(202);
        }

        @Test
        void dispatched_cannot_be_cancelled() {
            OrderId orderId = buy();
            shop.isConfirmed(orderId);
            shop.hears("shipping", shipmentDispatched(orderId));
            becomes("DISPATCHED", orderId);

            assertThat(cancel(orderId).status()).isEqualTo(409);
            assertThat(cancel(orderId).text("/code")).isEqualTo("ORDER_ALREADY_DISPATCHED");
        }

        @Test
        void stuck_goes_on_when_an_operator_resumes() {
            OrderId orderId = buy();
            shop.isPaid(orderId);
            shop.isAsked("inventory", ReserveStock.class, orderId);
            shop.hears("inventory", stockReservationFailed(orderId));
            assertThat(shop.isAsked("payment", RefundPayment.class, orderId).operatorApproved())
                    .isFalse();
            shop.hears("payment", new RefundFailed(PaymentId.forOrder(orderId), orderId, "refused"));
            becomes("COMPENSATION_STUCK", orderId);

            assertThat(resume(orderId).status()).isEqualTo(202);
            assertThat(shop.isAsked("payment", RefundPayment.class, orderId).operatorApproved())
                    .isTrue();
            assertThat(resume(orderId).text("/code")).isEqualTo("COMPENSATION_NOT_STUCK");
            shop.hears("payment", paymentRefunded(orderId));
            becomes("REJECTED", orderId);
        }

        @Test
        void is_asked_for_again_when_nobody_answers() {
            OrderId orderId = buy();
            shop.isAsked("payment", ProcessPayment.class, orderId);
            shop.isAsked("payment", ProcessPayment.class, orderId);
        }

        @Test
        void charged_after_its_payment_was_void_is_refunded_all_the_same() {
            OrderId orderId = buy();
            shop.isAsked("payment", ProcessPayment.class, orderId);
            cancel(orderId);
            shop.isAsked("payment", RefundPayment.class, orderId);
            shop.hears("payment", new PaymentVoided(PaymentId.forOrder(orderId), orderId));
            becomes("CANCELLED", orderId);
            shop.hears("payment", paymentCompleted(orderId));
            shop.isAsked("payment", RefundPayment.class, orderId);
        }

        private List<String> types(Answer history) {
            return StreamSupport.stream(history.body().get("items").spliterator(), false)
                    .map(item -> item.get("type").asText())
                    .toList();
        }

        private Answer cancel(OrderId orderId) {
            return shop.post("/api/orders/" + orderId + "/cancellation", "{\"reason\":\"changed my mind\"}");
        }

        private Answer resume(OrderId orderId) {
            return shop.post("/api/admin/order/orders/" + orderId + "/resume", "");
        }
    }

    @Nested
    class A_client_that_waits {

        @Test
        void hears_of_the_outcome_in_its_answer() {
            OrderId earlier = buy();
            assertThat(seen(earlier).status()).isEqualTo(200);
            CompletableFuture<Answer> waiting =
                    shop.postAsync("/api/orders", TWO_MUGS_AND_A_STOVE, "Prefer", "wait=15");
            OrderId orderId = await().until(OrderStoryIT::newest, id -> !id.equals(earlier));
            shop.isConfirmed(orderId);

            Answer answer = waiting.join();
            assertThat(placed(answer)).isEqualTo(orderId);
            assertThat(answer.status()).isEqualTo(201);
            assertThat(answer.text("/status")).isEqualTo("CONFIRMED");
            assertThat(answer.header("preference-applied")).isEqualTo("wait=15");
        }

        @Test
        void is_told_that_it_takes_longer() {
            Answer answer = shop.post("/api/orders", TWO_MUGS_AND_A_STOVE, "Prefer", "wait=1");
            assertThat(answer.status()).isEqualTo(202);
            assertThat(answer.text("/status")).isEqualTo("PLACED");
            assertThat(answer.header("preference-applied")).isEqualTo("wait=1");
        }
    }

    private static OrderId newest() {
        return OrderId.of(shop.get("/api/orders?limit=1").text("/items/0/orderId"));
    }

    @Nested
    class The_same_request_sent_again {

        @Test
        void buys_once_however_many_come_at_the_same_time() {
            String key = UUID.randomUUID().toString();
            List<CompletableFuture<Answer>> posts = IntStream.range(0, 100)
                    .mapToObj(i -> shop.postAsync(
                            "/api/orders",
                            TWO_MUGS_AND_A_STOVE,
                            "Idempotency-Key",
                            i % 2 == 0 ? key : "\"" + key + "\""))
                    .toList();
            Set<Integer> statuses =
                    posts.stream().map(post -> post.join().status()).collect(Collectors.toSet());
            Set<OrderId> orders =
                    posts.stream().map(post -> placed(post.join())).collect(Collectors.toSet());

            assertThat(statuses).containsExactly(202);
            assertThat(orders).hasSize(1);
            assertThat(jdbc().sql("select count(*) from idempotency_key where key = ?")
                            .param(key)
                            .query(Long.class)
                            .single())
                    .isEqualTo(1);
            shop.isAsked("payment", ProcessPayment.class, orders.iterator().next());
        }

        @Test
        void is_the_same_however_its_JSON_is_laid_out() {
            String key = UUID.randomUUID().toString();
            OrderId first = placed(shop.post("/api/orders", TWO_MUGS_AND_A_STOVE, "Idempotency-Key", key));
            String spaced = TWO_MUGS_AND_A_STOVE.replace(",", " ,\n ");
            assertThat(placed(shop.post("/api/orders", spaced, "Idempotency-Key", key)))
                    .isEqualTo(first);
        }

        @Test
        void with_another_body_is_refused() {
            String key = UUID.randomUUID().toString();
            shop.post("/api/orders", TWO_MUGS_AND_A_STOVE, "Idempotency-Key", key);
            Answer other = shop.post(
                    "/api/orders", orderAsJson("{\"sku\":\"MUG-ENAMEL\",\"quantity\":3}"), "Idempotency-Key", key);
            assertThat(other.status()).isEqualTo(422);
            assertThat(other.text("/code")).isEqualTo("IDEMPOTENCY_KEY_REUSED");
        }

        @Test
        void after_a_refusal_is_decided_anew() {
            String key = UUID.randomUUID().toString();
            String unknown = orderAsJson("{\"sku\":\"UNICORN\",\"quantity\":1}");
            assertThat(shop.post("/api/orders", unknown, "Idempotency-Key", key).status())
                    .isEqualTo(422);
            assertThat(shop.post("/api/orders", TWO_MUGS_AND_A_STOVE, "Idempotency-Key", key)
                            .status())
                    .isEqualTo(202);
        }

        @Test
        void is_another_request_when_another_customer_sends_it() {
            String key = UUID.randomUUID().toString();
            OrderId mine = placed(shop.post("/api/orders", TWO_MUGS_AND_A_STOVE, "Idempotency-Key", key));
            Answer theirs = shop.context()
                    .api(TestTokens.customer("cus_bob"))
                    .post("/api/orders", orderAsJson("{\"sku\":\"STOVE-GAS\",\"quantity\":1}"), "Idempotency-Key", key);

            assertThat(theirs.status()).isEqualTo(202);
            assertThat(placed(theirs)).isNotEqualTo(mine);
            assertThat(placed(shop.post("/api/orders", TWO_MUGS_AND_A_STOVE, "Idempotency-Key", key)))
                    .isEqualTo(mine);
        }

        @Test
        void finds_the_order_of_the_first_whose_client_did_not_wait_for_the_answer() {
            String key = UUID.randomUUID().toString();
            shop.bean(TransactionTemplate.class).executeWithoutResult(transaction -> {
                jdbc().sql("lock table event_stream in exclusive mode").update();
                CompletableFuture<Answer> first =
                        shop.postAsync("/api/orders", TWO_MUGS_AND_A_STOVE, "Idempotency-Key", key);
                await().until(() -> jdbc().sql("""
                    select exists (select from pg_stat_activity
                                    where datname = current_database() and wait_event_type = 'Lock'
                                      and query like 'insert into event_stream%')\
                    """).query(Boolean.class).single());
                assertThat(first.cancel(true)).isTrue();
            });

            Answer again = shop.post("/api/orders", TWO_MUGS_AND_A_STOVE, "Idempotency-Key", key);

            assertThat(again.status()).isEqualTo(202);
            assertThat(jdbc().sql("""
                select idempotency_key.order_id from idempotency_key join event_stream on subject = order_id
                 where key = ? and type = 'waybill.order.OrderPlaced'\
                """).param(key).query(String.class).list())
                    .containsExactly(placed(again).value());
        }

        @Test
        void while_the_first_is_in_flight_is_refused_after_three_seconds() {
            String key = UUID.randomUUID().toString();
            Answer answer = shop.bean(TransactionTemplate.class).execute(transaction -> {
                jdbc().sql("insert into idempotency_key (customer_id, key, request_hash, order_id)"
                                + " values ('local-customer', ?, 'hash', 'order')")
                        .param(key)
                        .update();
                Answer meanwhile = shop.post("/api/orders", TWO_MUGS_AND_A_STOVE, "Idempotency-Key", key);
                transaction.setRollbackOnly();
                return meanwhile;
            });
            assertThat(requireNonNull(answer).status()).isEqualTo(409);
            assertThat(answer.text("/code")).isEqualTo("REQUEST_IN_FLIGHT");
        }
    }

    @Nested
    class A_bad_request {

        @ParameterizedTest
        @CsvSource(
                delimiter = '|',
                quoteCharacter = '`',
                value = {
                    "{\"sku\":\"MUG-ENAMEL\",\"quantity\":1,\"price\":1}|400|UNKNOWN_FIELD",
                    "{\"sku\":\"MUG-ENAMEL\",\"quantity\":0}|400|INVALID_VALUE",
                    "{\"sku\":\"MUG-ENAMEL\",\"quantity\":-1}|400|INVALID_VALUE",
                    "{\"sku\":\"MUG-ENAMEL\",\"quantity\":100001}|400|INVALID_VALUE",
                    "{\"sku\":\"MUG-ENAMEL\",\"quantity\":1.5}|400|MALFORMED_REQUEST",
                    "{\"sku\":\"MUG-ENAMEL\",\"quantity\":\"1\"}|400|MALFORMED_REQUEST",
                    "{\"sku\":\"MUG-ENAMEL\"}|400|INVALID_VALUE",
                    "{\"sku\":\"mug enamel\",\"quantity\":1}|400|INVALID_VALUE",
                    "null|400|INVALID_VALUE",
                    "|400|INVALID_VALUE",
                    "{\"sku\":|400|MALFORMED_REQUEST",
                    "{\"sku\":\"UNICORN\",\"quantity\":1}|422|UNKNOWN_SKU",
                    "{\"sku\":\"MUG-ENAMEL\",\"quantity\":1},{\"sku\":\"LAMP\",\"quantity\":1}|422|MIXED_CURRENCIES",
                    "{\"sku\":\"MUG-ENAMEL\",\"quantity\":60000},{\"sku\":\"MUG-ENAMEL\",\"quantity\":60000}|400|INVALID_VALUE"
                })
        void to_buy_gets_a_code(String lines, int status, String code) {
            Answer answer = shop.post("/api/orders", orderAsJson(lines == null ? "" : lines));
            assertThat(answer.text("/code")).isEqualTo(code);
            assertThat(answer.status()).isEqualTo(status);
            assertThat(answer.header("content-type")).isEqualTo("application/problem+json");
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"sku\":\"DIAMOND\",\"quantity\":2}",
                    "{\"sku\":\"DIAMOND\",\"quantity\":100000}",
                    "{\"sku\":\"DIAMOND\",\"quantity\":1},{\"sku\":\"MUG-ENAMEL\",\"quantity\":1}"
                })
        void for_more_money_than_can_be_counted_gets_a_code(String lines) {
            assertThat(shop.post("/api/orders", orderAsJson(lines)).problem())
                    .isEqualTo(new Problem(400, "INVALID_VALUE"));
        }

        @Test
        void of_too_many_lines_gets_a_code() {
            String lines = IntStream.range(0, 101)
                    .mapToObj(i -> "{\"sku\":\"MUG-ENAMEL\",\"quantity\":1}")
                    .collect(Collectors.joining(","));
            assertThat(shop.post("/api/orders", orderAsJson(lines)).text("/code"))
                    .isEqualTo("INVALID_VALUE");
        }

        @Test
        void without_an_address_or_payment_method_or_with_a_bad_one_gets_a_code() {
            assertThat(shop.post("/api/orders", TWO_MUGS_AND_A_STOVE.replace(ADDRESS_AS_JSON, "null"))
                            .text("/code"))
                    .isEqualTo("INVALID_VALUE");
            assertThat(shop.post("/api/orders", TWO_MUGS_AND_A_STOVE.replace("\"GB\"", "\"XX\""))
                            .text("/code"))
                    .isEqualTo("INVALID_VALUE");
            assertThat(shop.post("/api/orders", TWO_MUGS_AND_A_STOVE.replace("\"pm_card_visa\"", "null"))
                            .text("/code"))
                    .isEqualTo("INVALID_VALUE");
            assertThat(shop.post("/api/orders", TWO_MUGS_AND_A_STOVE.replace("pm_card_visa", "pm card"))
                            .text("/code"))
                    .isEqualTo("INVALID_VALUE");
            assertThat(shop.post("/api/orders", TWO_MUGS_AND_A_STOVE, "Idempotency-Key", "x".repeat(201))
                            .text("/code"))
                    .isEqualTo("INVALID_VALUE");
        }

        @Test
        void for_somebody_elses_order_is_told_that_there_is_none() {
            String order = "/api/orders/" + buy();
            String eve = TestTokens.customer("cus_eve");
            for (String path : List.of(order, order + "/history", order + "/updates")) {
                Answer answer = shop.get(path, eve);
                assertThat(answer.status()).as(path).isEqualTo(404);
                assertThat(answer.text("/code")).isEqualTo("ORDER_NOT_FOUND");
            }
            assertThat(shop.postAs(eve, order + "/cancellation", "{\"reason\":\"x\"}")
                            .status())
                    .isEqualTo(404);
            assertThat(shop.get("/api/orders", eve).body().path("items")).isEmpty();
            assertThat(shop.get(order, TestTokens.operator()).status()).isEqualTo(200);
            assertThat(shop.get("/api/orders?limit=1", TestTokens.operator())
                            .body()
                            .path("items"))
                    .hasSize(1);
            assertThat(shop.postAs(TestTokens.operator(), "/api/orders", TWO_MUGS_AND_A_STOVE)
                            .status())
                    .isEqualTo(403);
            assertThat(shop.get(order, "Bearer nonsense").status()).isEqualTo(401);
        }

        @Test
        void finds_the_contexts_own_door_as_the_documents_say() throws Exception {
            var door = new ContextDoor(
                    "order",
                    shop.context(),
                    OrderFixtures.asCustomer(),
                    Map.of("id", buy().value()),
                    Map.of("id", OrderFixtures.ORDER.value()));

            assertThat(door.mistakes()).isEmpty();
            var refusals = door.refusals();
            assertThat(refusals.mutations()).isGreaterThanOrEqualTo(60);
            assertThat(refusals.routes()).isGreaterThanOrEqualTo(14);
            assertThat(refusals.believed()).isEmpty();
            assertThat(refusals.shapes()).hasSize(1);
        }

        @Test
        void for_an_order_that_is_not_there_gets_a_code() {
            String unknown = "/api/orders/" + OrderFixtures.ORDER;
            assertThat(shop.get(unknown).status()).isEqualTo(404);
            assertThat(shop.get(unknown).text("/code")).isEqualTo("ORDER_NOT_FOUND");
            assertThat(shop.get(unknown + "/history").text("/code")).isEqualTo("ORDER_NOT_FOUND");
            assertThat(shop.get(unknown + "/updates").text("/code")).isEqualTo("ORDER_NOT_FOUND");
            assertThat(shop.post(unknown + "/cancellation", "{\"reason\":\"x\"}")
                            .text("/code"))
                    .isEqualTo("ORDER_NOT_FOUND");
            assertThat(shop.post("/api/admin/order/orders/" + OrderFixtures.ORDER + "/resume", "")
                            .text("/code"))
                    .isEqualTo("ORDER_NOT_FOUND");
            assertThat(shop.get("/api/orders/nonsense").text("/code")).isEqualTo("INVALID_VALUE");
        }

        @Test
        void to_cancel_or_to_list_gets_a_code() {
            String cancellation = "/api/orders/" + buy() + "/cancellation";
            assertThat(shop.post(cancellation, "{}").text("/code")).isEqualTo("INVALID_VALUE");
            assertThat(shop.post(cancellation, "{\"reason\":\" \"}").text("/code"))
                    .isEqualTo("INVALID_VALUE");
            assertThat(shop.post(cancellation, "{\"reason\":\"x\",\"y\":1}").text("/code"))
                    .isEqualTo("UNKNOWN_FIELD");
            assertThat(shop.get("/api/orders?limit=0").text("/code")).isEqualTo("INVALID_VALUE");
            assertThat(shop.get("/api/orders?limit=101").text("/code")).isEqualTo("INVALID_VALUE");
            assertThat(shop.get("/api/orders?limit=ten").text("/code")).isEqualTo("INVALID_VALUE");
            assertThat(shop.get("/api/orders?cursor=%21").text("/code")).isEqualTo("INVALID_VALUE");
            assertThat(shop.get("/api/orders?cursor=bm9uZQ").text("/code")).isEqualTo("INVALID_VALUE");
        }
    }

    @Nested
    class A_rebuild {

        @ParameterizedTest
        @ValueSource(strings = {"start", "0:0", "2026-01-01T00:00:00Z"})
        void of_the_read_model_equals_the_live_one(String from) {
            OrderId orderId = buy();
            shop.isConfirmed(orderId);
            becomes("CONFIRMED", orderId);
            Answer live = seen(orderId);
            jdbc().sql("update order_summary set status = 'PAID', tracking_code = null where order_id = ?")
                    .param(orderId.value())
                    .update();

            assertThat(replay("order.tracking", from).status()).isEqualTo(202);
            await().untilAsserted(() -> assertThat(seen(orderId).body()).isEqualTo(live.body()));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "order.fulfilment",
                    "order.notification",
                    "order.record-dispatch",
                    "order.record-delivery",
                    "order.refund-voided"
                })
        void of_what_acts_is_refused(String processor) {
            assertThat(replay(processor, "start").status()).isEqualTo(409);
        }

        @Test
        void tells_nobody_of_an_order_that_is_not_theirs() {
            OrderId orderId = buy();
            shop.isConfirmed(orderId);
            becomes("CONFIRMED", orderId);
            jdbc().sql("delete from order_summary where order_id = ?")
                    .param(orderId.value())
                    .update();
            String order = "/api/orders/" + orderId;

            assertThat(shop.get(order).problem()).isEqualTo(new Problem(503, "READ_MODEL_REBUILDING"));
            assertThat(shop.get(order, TestTokens.operator()).problem())
                    .isEqualTo(new Problem(503, "READ_MODEL_REBUILDING"));
            assertThat(shop.get(order, TestTokens.customer("cus_eve")).problem())
                    .isEqualTo(new Problem(404, "ORDER_NOT_FOUND"));

            assertThat(replay("order.tracking", "start").status()).isEqualTo(202);
            becomes("CONFIRMED", orderId);
        }

        private Answer replay(String processor, String from) {
            return shop.post("/api/admin/order/processors/" + processor + "/replay", "{\"from\":\"" + from + "\"}");
        }
    }

    @Nested
    class A_list {

        @Test
        void shows_the_newest_first_page_by_page() {
            List<String> bought = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                OrderId orderId = buy();
                assertThat(seen(orderId).status()).isEqualTo(200);
                bought.add(0, orderId.value());
            }
            Answer first = shop.get("/api/orders?limit=2");
            Answer second = shop.get("/api/orders?limit=2&cursor=" + first.text("/nextCursor"));
            assertThat(List.of(
                            first.text("/items/0/orderId"),
                            first.text("/items/1/orderId"),
                            second.text("/items/0/orderId")))
                    .isEqualTo(bought);
        }
    }

    @Nested
    class Live_updates {

        @Test
        void tell_the_history_then_what_happens_and_can_be_resumed() throws Exception {
            OrderId orderId = buy();
            URI updates = shop.uri("/api/orders/" + orderId + "/updates");
            String lastId;
            try (LiveListener listener = new LiveListener(updates, OrderFixtures.asCustomer(), null)) {
                lastId = listener.hears("waybill.order.OrderPlaced.v1");
                shop.isPaid(orderId);
                listener.hears("waybill.payment.PaymentCompleted.v1");
            }
            try (LiveListener listener = new LiveListener(updates, OrderFixtures.asCustomer(), lastId)) {
                listener.hears("waybill.payment.PaymentCompleted.v1");
            }
        }
    }
}
