package io.waybill.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator;
import org.junit.jupiter.api.Test;

@DisplayNameGeneration(DisplayNameGenerator.ReplaceUnderscores.class)
class PlaceTest {

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Lane lane = new Lane("tried", 1, meters);
    private final Place place = new Place(lane);

    @Test
    void is_free_for_others_while_it_is_given_up() {
        place.take();
        place.giveUp();

        var other = new Place(lane);
        assertThat(other.take()).isTrue();
        assertThat(place.take()).isFalse();
        other.end();
        assertThat(place.take()).isTrue();
    }

    @Test
    void is_given_up_once_only() {
        place.take();
        place.giveUp();
        place.giveUp();
        place.end();
        place.end();

        assertThat(taken()).isZero();
    }

    @Test
    void is_not_taken_again_when_the_request_is_over() {
        place.take();
        place.giveUp();
        // The client goes away at the moment in which its body is there.
        place.end();

        assertThat(place.take()).isFalse();
        assertThat(taken()).isZero();
    }

    private double taken() {
        return meters.get("waybill.gateway.admission.under-way").gauge().value();
    }
}
