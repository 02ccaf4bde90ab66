package io.waybill.simulation;

import java.util.List;

/**
 * How rough the world of a run is, in times in a thousand.
 *
 * @param crash a process ends at a point where it can
 * @param unconfirmed a publisher waits in vain for the broker's confirm
 * @param duplicate a message is delivered again though it was acknowledged
 * @param parked a command fails by itself, and is put aside for good
 * @param late a message takes long
 * @param haste time passes while there is something to do
 * @param unanswered a partner's answer, or the call itself, is lost
 * @param frozen a process stands still until others have taken over its tasks
 * @param astray an event cannot be read, is put aside, and comes back behind later ones
 */
record Knobs(
        int crash,
        int unconfirmed,
        int duplicate,
        int parked,
        int late,
        int haste,
        int unanswered,
        int frozen,
        int astray) {

    static final Knobs CALM = new Knobs(0, 0, 0, 0, 0, 0, 0, 0, 0);

    static Knobs from(Choices choices) {
        return new Knobs(
                choices.oneOf(List.of(0, 5, 30, 100)),
                choices.oneOf(List.of(0, 10, 50, 150)),
                choices.oneOf(List.of(0, 30, 100, 300)),
                choices.oneOf(List.of(0, 0, 10, 50)),
                choices.oneOf(List.of(0, 30, 100, 300)),
                choices.oneOf(List.of(0, 10, 40, 150)),
                choices.oneOf(List.of(0, 30, 150, 400)),
                choices.oneOf(List.of(0, 0, 10, 50)),
                choices.oneOf(List.of(0, 0, 20, 100)));
    }
}
