package io.waybill.messaging.waiting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.atMost;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.waybill.messaging.sample.SampleMessages;
import io.waybill.messaging.stream.AppendLog.Appended;
import io.waybill.messaging.stream.StreamPosition;
import io.waybill.messaging.waiting.ReadModels.Foreign;
import io.waybill.messaging.waiting.ReadModels.Horizon;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;
import org.mockito.invocation.InvocationOnMock;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class ReadModelWaitsTest {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final StreamPosition PLACE = new StreamPosition(7, 7);
    private static final Horizon BEHIND = new Horizon(PLACE, null, 200, false, true);

    private final ReadModels models = mock(ReadModels.class);
    private final CountDownLatch release = new CountDownLatch(1);
    private final List<ReadModelWaits> started = new ArrayList<>();

    private ReadModelWaits start(Duration longest, int most) {
        ReadModelWaits waits = new ReadModelWaits(models, SampleMessages.catalogue(), longest, most);
        waits.start();
        started.add(waits);
        return waits;
    }

    @AfterEach
    void stop() {
        release.countDown();
        started.forEach(ReadModelWaits::stop);
    }

    @Test
    void a_look_asks_once_for_all_who_wait() {
        when(models.horizon(any())).thenReturn(Optional.of(BEHIND));
        when(models.placesOf(any())).thenAnswer(this::nothingUntilReleased).thenAnswer(ReadModelWaitsTest::allAtPlace);
        when(models.parkedAt(any(), any())).thenReturn(Set.of());
        ReadModelWaits waits = start(LONG, 1_000);
        List<CompletableFuture<Boolean>> all = IntStream.range(0, 900)
                .mapToObj(number -> waits.await("shelves", foreign("event-" + number)))
                .map(Optional::orElseThrow)
                .toList();
        release.countDown();

        assertThat(all).allSatisfy(seen -> assertThat(seen.join()).isTrue());
        verify(models, atMost(3)).placesOf(any());
        verify(models, atMost(1)).parkedAt(any(), any());
    }

    @Test
    void a_look_that_does_not_end_keeps_nobody() {
        when(models.placesOf(any())).thenAnswer(this::nothingUntilReleased);
        ReadModelWaits waits = start(Duration.ofMillis(100), 1_000);

        assertThat(waits.await("shelves", foreign("late")).orElseThrow())
                .succeedsWithin(Duration.ofSeconds(20))
                .isEqualTo(false);
        assertThat(release.getCount()).isOne();
    }

    @Test
    void a_look_that_fails_is_not_the_last() {
        when(models.horizon(any()))
                .thenThrow(new IllegalStateException("a mistake"))
                .thenThrow(new IllegalStateException("the same mistake"))
                .thenReturn(Optional.of(BEHIND));
        ReadModelWaits waits = start(LONG, 1_000);

        assertThat(waits.await("shelves", own()).orElseThrow())
                .succeedsWithin(Duration.ofSeconds(20))
                .isEqualTo(true);
    }

    @Test
    void who_has_waited_leaves_the_place_to_another() {
        when(models.horizon(any())).thenReturn(Optional.empty());
        ReadModelWaits waits = start(LONG, 1);
        CompletableFuture<Boolean> first = waits.await("shelves", own()).orElseThrow();
        assertThat(waits.await("shelves", own())).isEmpty();

        first.complete(false);

        await().until(() -> waits.await("shelves", own()).isPresent());
    }

    @Test
    void what_is_parked_is_not_seen() {
        when(models.horizon(any())).thenReturn(Optional.of(new Horizon(PLACE, null, 200, false, true)));
        when(models.parkedAt(any(), any())).thenReturn(Set.of(PLACE));
        ReadModelWaits waits = start(LONG, 1);

        assertThat(waits.hasSeen("shelves", own())).isFalse();
    }

    private Map<Foreign, StreamPosition> nothingUntilReleased(InvocationOnMock asked) throws InterruptedException {
        release.await();
        return Map.of();
    }

    private static Map<Foreign, StreamPosition> allAtPlace(InvocationOnMock asked) {
        return asked.<Set<Foreign>>getArgument(0).stream()
                .collect(Collectors.toUnmodifiableMap(Function.identity(), event -> PLACE));
    }

    private static ConsistencyToken own() {
        return new ConsistencyToken(
                SampleMessages.CONTEXT, new Appended(PLACE, "own", "waybill.inventory.GoodsPlaced"));
    }

    private static ConsistencyToken foreign(String eventId) {
        return new ConsistencyToken("shipping", new Appended(PLACE, eventId, "waybill.shipping.ShipmentDispatched"));
    }
}
