package io.waybill.inventory.stock;

import static io.waybill.inventory.InventoryFixtures.MUG;
import static io.waybill.inventory.InventoryFixtures.STOVE;
import static io.waybill.inventory.InventoryFixtures.line;
import static io.waybill.inventory.InventoryFixtures.order;
import static org.assertj.core.api.Assertions.assertThat;

import io.waybill.inventory.api.CommitStock;
import io.waybill.inventory.api.ReleaseStock;
import io.waybill.inventory.api.ReserveStock;
import io.waybill.inventory.api.Shortage;
import io.waybill.inventory.api.StockCommitted;
import io.waybill.inventory.api.StockLine;
import io.waybill.inventory.api.StockReleased;
import io.waybill.inventory.api.StockReservationFailed;
import io.waybill.inventory.api.StockReserved;
import io.waybill.inventory.stock.StockLevelsInMemory.Level;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.Quantity;
import io.waybill.kernel.Sku;
import io.waybill.messaging.KernelCommandTargetResolver;
import java.util.List;
import org.axonframework.modelling.command.AggregateNotFoundException;
import org.axonframework.test.aggregate.AggregateTestFixture;
import org.axonframework.test.aggregate.FixtureConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ReservationTest {

    private static final OrderId ORDER = order(1);
    private static final List<StockLine> LINES = List.of(line(STOVE, 1), line(MUG, 4));

    private final StockLevelsInMemory levels = new StockLevelsInMemory();
    private FixtureConfiguration<Reservation> fixture;

    @BeforeEach
    void prepare() {
        fixture = new AggregateTestFixture<>(Reservation.class);
        fixture.registerCommandTargetResolver(new KernelCommandTargetResolver());
        fixture.registerInjectableResource(levels);
    }

    @Nested
    class Of_an_order_nothing_was_asked_about_yet {

        @Test
        void reserving_sets_all_lines_aside() {
            levels.with(MUG, 10, 2).with(STOVE, 1, 0);

            fixture.givenNoPriorActivity()
                    .when(new ReserveStock(ORDER, LINES))
                    .expectEvents(new StockReserved(ORDER, LINES));

            assertThat(levels.of(MUG)).isEqualTo(new Level(10, 6));
            assertThat(levels.of(STOVE)).isEqualTo(new Level(1, 1));
        }

        @Test
        void the_last_pieces_can_be_reserved() {
            levels.with(MUG, 4, 0).with(STOVE, 1, 0);

            fixture.givenNoPriorActivity()
                    .when(new ReserveStock(ORDER, LINES))
                    .expectEvents(new StockReserved(ORDER, LINES));
        }

        @Test
        void one_short_line_leaves_all_lines_on_the_shelf() {
            levels.with(MUG, 10, 7).with(STOVE, 1, 0);

            fixture.givenNoPriorActivity()
                    .when(new ReserveStock(ORDER, LINES))
                    .expectEvents(new StockReservationFailed(ORDER, List.of(new Shortage(MUG, Quantity.of(4), 3))));

            assertThat(levels.of(MUG)).isEqualTo(new Level(10, 7));
            assertThat(levels.of(STOVE)).isEqualTo(new Level(1, 0));
        }

        @Test
        void an_unknown_product_is_a_shortage_with_nothing_free() {
            levels.with(MUG, 10, 0);

            fixture.givenNoPriorActivity()
                    .when(new ReserveStock(ORDER, LINES))
                    .expectEvents(new StockReservationFailed(ORDER, List.of(new Shortage(STOVE, Quantity.of(1), 0))));
        }

        @Test
        void all_shortages_are_told_in_the_order_of_the_skus() {
            fixture.givenNoPriorActivity()
                    .when(new ReserveStock(ORDER, LINES))
                    .expectEvents(new StockReservationFailed(
                            ORDER,
                            List.of(new Shortage(MUG, Quantity.of(4), 0), new Shortage(STOVE, Quantity.of(1), 0))));
        }

        @Test
        void two_lines_of_one_product_count_together() {
            levels.with(MUG, 7, 0);

            fixture.givenNoPriorActivity()
                    .when(new ReserveStock(ORDER, List.of(line(MUG, 4), line(MUG, 4))))
                    .expectEvents(new StockReservationFailed(ORDER, List.of(new Shortage(MUG, Quantity.of(8), 7))));
        }

        @Test
        void two_lines_of_one_product_are_both_set_aside() {
            levels.with(MUG, 8, 0);
            List<StockLine> lines = List.of(line(MUG, 4), line(MUG, 4));

            fixture.givenNoPriorActivity()
                    .when(new ReserveStock(ORDER, lines))
                    .expectEvents(new StockReserved(ORDER, lines));

            assertThat(levels.of(MUG)).isEqualTo(new Level(8, 8));
        }

        @Test
        void lines_that_together_exceed_any_quantity_are_still_answered() {
            List<StockLine> lines = List.of(line(MUG, Quantity.MAX), line(MUG, Quantity.MAX));

            fixture.givenNoPriorActivity()
                    .when(new ReserveStock(ORDER, lines))
                    .expectEvents(new StockReservationFailed(
                            ORDER, List.of(new Shortage(MUG, Quantity.of(Quantity.MAX), 0))));
        }

        @Test
        void releasing_leaves_a_tombstone() {
            levels.with(MUG, 10, 2);

            fixture.givenNoPriorActivity()
                    .when(new ReleaseStock(ORDER))
                    .expectEvents(new StockReleased(ORDER, List.of()));

            assertThat(levels.of(MUG)).isEqualTo(new Level(10, 2));
        }

        @Test
        void committing_is_a_fault() {
            fixture.givenNoPriorActivity()
                    .when(new CommitStock(ORDER))
                    .expectException(AggregateNotFoundException.class)
                    .expectNoEvents();
        }
    }

    @Nested
    class Of_an_order_with_pieces_set_aside {

        @BeforeEach
        void onTheShelf() {
            shelf(MUG, 10, 6);
            shelf(STOVE, 5, 1);
        }

        @Test
        void reserving_again_is_silent() {
            fixture.given(new StockReserved(ORDER, LINES))
                    .when(new ReserveStock(ORDER, LINES))
                    .expectSuccessfulHandlerExecution()
                    .expectNoEvents();

            assertThat(levels.of(MUG)).isEqualTo(new Level(10, 6));
        }

        @Test
        void releasing_gives_all_lines_back() {
            fixture.given(new StockReserved(ORDER, LINES))
                    .when(new ReleaseStock(ORDER))
                    .expectEvents(new StockReleased(ORDER, LINES));

            assertThat(levels.of(MUG)).isEqualTo(new Level(10, 2));
            assertThat(levels.of(STOVE)).isEqualTo(new Level(5, 0));
        }

        @Test
        void committing_takes_all_lines_out_of_the_warehouse() {
            fixture.given(new StockReserved(ORDER, LINES))
                    .when(new CommitStock(ORDER))
                    .expectEvents(new StockCommitted(ORDER, LINES));

            assertThat(levels.of(MUG)).isEqualTo(new Level(6, 2));
            assertThat(levels.of(STOVE)).isEqualTo(new Level(4, 0));
        }
    }

    @Nested
    class Of_an_order_that_found_too_little_stock {

        private final StockReservationFailed failed =
                new StockReservationFailed(ORDER, List.of(new Shortage(MUG, Quantity.of(4), 0)));

        @BeforeEach
        void newStockArrived() {
            shelf(MUG, 100, 2);
            shelf(STOVE, 100, 0);
        }

        @Test
        void reserving_again_is_silent_although_there_is_stock_now() {
            fixture.given(failed)
                    .when(new ReserveStock(ORDER, LINES))
                    .expectSuccessfulHandlerExecution()
                    .expectNoEvents();

            assertThat(levels.of(MUG)).isEqualTo(new Level(100, 2));
        }

        @Test
        void releasing_gives_nothing_back() {
            fixture.given(failed).when(new ReleaseStock(ORDER)).expectEvents(new StockReleased(ORDER, List.of()));

            assertThat(levels.of(MUG)).isEqualTo(new Level(100, 2));
        }

        @Test
        void committing_is_a_fault() {
            fixture.given(failed)
                    .when(new CommitStock(ORDER))
                    .expectException(IllegalStateException.class)
                    .expectNoEvents();
        }
    }

    @Nested
    class Of_an_order_whose_pieces_were_released {

        private final StockReleased released = new StockReleased(ORDER, LINES);

        @BeforeEach
        void onTheShelf() {
            shelf(MUG, 100, 2);
            shelf(STOVE, 100, 0);
        }

        @Test
        void a_late_reservation_sets_nothing_aside_and_says_nothing() {
            fixture.given(new StockReleased(ORDER, List.of()))
                    .when(new ReserveStock(ORDER, LINES))
                    .expectSuccessfulHandlerExecution()
                    .expectNoEvents();

            assertThat(levels.of(MUG)).isEqualTo(new Level(100, 2));
        }

        @Test
        void releasing_again_is_silent() {
            fixture.given(new StockReserved(ORDER, LINES), released)
                    .when(new ReleaseStock(ORDER))
                    .expectSuccessfulHandlerExecution()
                    .expectNoEvents();

            assertThat(levels.of(MUG)).isEqualTo(new Level(100, 2));
        }

        @Test
        void reserving_again_is_silent() {
            fixture.given(new StockReserved(ORDER, LINES), released)
                    .when(new ReserveStock(ORDER, LINES))
                    .expectSuccessfulHandlerExecution()
                    .expectNoEvents();
        }

        @Test
        void committing_is_a_fault() {
            fixture.given(new StockReserved(ORDER, LINES), released)
                    .when(new CommitStock(ORDER))
                    .expectException(IllegalStateException.class)
                    .expectNoEvents();
        }
    }

    @Nested
    class Of_an_order_whose_pieces_left_the_warehouse {

        private final Object[] committed = {new StockReserved(ORDER, LINES), new StockCommitted(ORDER, LINES)};

        @BeforeEach
        void onTheShelf() {
            shelf(MUG, 6, 2);
            shelf(STOVE, 4, 0);
        }

        @Test
        void committing_again_is_silent() {
            fixture.given(committed)
                    .when(new CommitStock(ORDER))
                    .expectSuccessfulHandlerExecution()
                    .expectNoEvents();

            assertThat(levels.of(MUG)).isEqualTo(new Level(6, 2));
        }

        @Test
        void nothing_can_be_given_back() {
            fixture.given(committed)
                    .when(new ReleaseStock(ORDER))
                    .expectSuccessfulHandlerExecution()
                    .expectNoEvents();

            assertThat(levels.of(MUG)).isEqualTo(new Level(6, 2));
        }

        @Test
        void reserving_again_is_silent() {
            fixture.given(committed)
                    .when(new ReserveStock(ORDER, LINES))
                    .expectSuccessfulHandlerExecution()
                    .expectNoEvents();
        }
    }

    private void shelf(Sku sku, long onHand, long reserved) {
        levels.with(sku, onHand, reserved);
    }
}
