package io.waybill.inventory.catalogue;

import static io.waybill.inventory.InventoryFixtures.MUG;
import static io.waybill.inventory.InventoryFixtures.euros;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.waybill.inventory.InventoryRejection;
import io.waybill.inventory.api.ChangePrice;
import io.waybill.inventory.api.ListProduct;
import io.waybill.inventory.api.PriceChanged;
import io.waybill.inventory.api.ProductListed;
import io.waybill.inventory.api.ReceiveStock;
import io.waybill.inventory.api.StockReceived;
import io.waybill.kernel.Money;
import io.waybill.kernel.Quantity;
import io.waybill.kernel.Sku;
import io.waybill.messaging.KernelCommandTargetResolver;
import io.waybill.messaging.Rejection;
import io.waybill.messaging.RejectionCode;
import java.util.HashMap;
import java.util.Map;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.axonframework.test.aggregate.ResultValidator;
import org.hamcrest.FeatureMatcher;
import org.hamcrest.Matcher;
import org.hamcrest.Matchers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ProductTest {

    private static final ProductListed LISTED = new ProductListed(MUG, "Enamel mug", euros("12.00"));

    private final Map<Sku, Integer> added = new HashMap<>();
    private FixtureConfiguration<Product> fixture;

    @BeforeEach
    void prepare() {
        StockOnHand stock = (sku, quantity) -> added.merge(sku, quantity.value(), Integer::sum);
        fixture = new AggregateTestFixture<>(Product.class);
        fixture.registerCommandTargetResolver(new KernelCommandTargetResolver());
        fixture.registerInjectableResource(stock);
    }

    @Nested
    class An_unknown_product {

        @Test
        void is_listed_and_told_to_be_new() {
            fixture.givenNoPriorActivity()
                    .when(new ListProduct(MUG, "Enamel mug", euros("12.00")))
                    .expectResultMessagePayload(true)
                    .expectEvents(LISTED);
        }

        @ParameterizedTest
        @ValueSource(strings = {"0.00", "-12.00"})
        void is_not_listed_for_nothing_or_less(String amount) {
            rejected(
                    fixture.givenNoPriorActivity().when(new ListProduct(MUG, "Enamel mug", euros(amount))),
                    InventoryRejection.PRICE_NOT_POSITIVE);
        }

        @Test
        void has_no_price_to_change() {
            rejected(
                    fixture.givenNoPriorActivity().when(new ChangePrice(MUG, euros("12.00"))),
                    InventoryRejection.PRODUCT_NOT_FOUND);
        }

        @Test
        void has_no_shelf_to_receive_pieces_on() {
            rejected(
                    fixture.givenNoPriorActivity().when(new ReceiveStock(MUG, Quantity.of(5))),
                    InventoryRejection.PRODUCT_NOT_FOUND);
            assertThat(added).isEmpty();
        }

        @Test
        void is_introduced_with_its_first_delivery() {
            fixture.givenNoPriorActivity()
                    .when(new IntroduceProduct(MUG, "Enamel mug", euros("12.00"), Quantity.of(50)))
                    .expectEvents(LISTED, new StockReceived(MUG, Quantity.of(50)));
            assertThat(added).containsExactly(Map.entry(MUG, 50));
        }
    }

    @Nested
    class A_listed_product {

        @Test
        void is_listed_again_in_silence() {
            fixture.given(LISTED)
                    .when(new ListProduct(MUG, "Enamel mug", euros("12.00")))
                    .expectResultMessagePayload(false)
                    .expectNoEvents();
        }

        @Test
        void is_renamed_by_being_listed_again() {
            fixture.given(LISTED)
                    .when(new ListProduct(MUG, "Enamel mug, 350 ml", euros("13.00")))
                    .expectResultMessagePayload(false)
                    .expectEvents(new ProductListed(MUG, "Enamel mug, 350 ml", euros("13.00")));
        }

        @Test
        void is_repriced_by_being_listed_at_another_price() {
            fixture.given(LISTED)
                    .when(new ListProduct(MUG, "Enamel mug", euros("13.00")))
                    .expectResultMessagePayload(false)
                    .expectEvents(new PriceChanged(MUG, euros("13.00")));
        }

        @Test
        void changes_its_price() {
            fixture.given(LISTED)
                    .when(new ChangePrice(MUG, euros("13.00")))
                    .expectEvents(new PriceChanged(MUG, euros("13.00")));
        }

        @Test
        void changes_its_price_to_another_currency() {
            Money price = Money.parse("12.00", "CHF");
            fixture.given(LISTED).when(new ChangePrice(MUG, price)).expectEvents(new PriceChanged(MUG, price));
        }

        @Test
        void changes_to_the_price_it_has_in_silence() {
            fixture.given(LISTED, new PriceChanged(MUG, euros("13.00")))
                    .when(new ChangePrice(MUG, euros("13.00")))
                    .expectSuccessfulHandlerExecution()
                    .expectNoEvents();
        }

        @Test
        void returns_to_an_earlier_price() {
            fixture.given(LISTED, new PriceChanged(MUG, euros("13.00")))
                    .when(new ListProduct(MUG, "Enamel mug", euros("12.00")))
                    .expectEvents(new PriceChanged(MUG, euros("12.00")));
        }

        @ParameterizedTest
        @ValueSource(strings = {"0.00", "-12.00"})
        void is_not_repriced_to_nothing_or_less(String amount) {
            rejected(
                    fixture.given(LISTED).when(new ChangePrice(MUG, euros(amount))),
                    InventoryRejection.PRICE_NOT_POSITIVE);
        }

        @Test
        void receives_pieces_every_time_they_arrive() {
            fixture.given(LISTED, new StockReceived(MUG, Quantity.of(5)))
                    .when(new ReceiveStock(MUG, Quantity.of(5)))
                    .expectEvents(new StockReceived(MUG, Quantity.of(5)));
            assertThat(added).containsExactly(Map.entry(MUG, 5));
        }

        @Test
        void is_not_introduced_again_whatever_it_is_called_by_now() {
            fixture.given(LISTED, new PriceChanged(MUG, euros("13.00")))
                    .when(new IntroduceProduct(MUG, "Mug", euros("12.00"), Quantity.of(50)))
                    .expectSuccessfulHandlerExecution()
                    .expectNoEvents();
            assertThat(added).isEmpty();
        }
    }

    @Nested
    class A_name {

        @ParameterizedTest
        @ValueSource(strings = {"", "  ", "a\tb", "a\nb", "a\u0000b", "a\u2028b", "a\uD800b"})
        void is_printable(String name) {
            assertThatIllegalArgumentException().isThrownBy(() -> new ListProduct(MUG, name, euros("12.00")));
        }

        @Test
        void has_at_most_200_characters() {
            assertThat(new ListProduct(MUG, "☕".repeat(200), euros("12.00")).name())
                    .hasSize(200);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new ListProduct(MUG, "a".repeat(201), euros("12.00")));
        }
    }

    private static void rejected(ResultValidator<Product> result, InventoryRejection code) {
        result.expectException(code(code)).expectNoEvents();
    }

    private static Matcher<Object> code(InventoryRejection code) {
        return new FeatureMatcher<>(Matchers.<RejectionCode>equalTo(code), "a rejection with the code", "code") {
            @Override
            protected RejectionCode featureValueOf(Object rejection) {
                return ((Rejection) rejection).code();
            }
        };
    }
}
