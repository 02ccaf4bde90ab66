package io.waybill.simulation;

import java.util.List;
import java.util.function.Supplier;

/** What goes wrong in the run that is on, and what has happened so far. */
final class Faults {

    /** In milliseconds; the last is what an operator needs who puts back a message that was parked. */
    private static final List<Long> DELAYS = List.of(1_000L, 6_000L, 20_000L, 90_000L, 600_000L);

    final Defect defect;
    final Tally tally;
    private Choices choices = Choices.given();
    private Knobs knobs = Knobs.CALM;
    private Journal journal = Journal.off();
    private boolean inOrder = true;

    Faults(Defect defect, Tally tally) {
        this.defect = defect;
        this.tally = tally;
    }

    void begin(Choices choices, Knobs knobs, Journal journal) {
        this.choices = choices;
        this.knobs = knobs;
        this.journal = journal;
        this.inOrder = true;
    }

    /** Nothing goes wrong any more, so that what is under way comes to its end. */
    void calmDown() {
        note(() -> "from here on nothing goes wrong any more");
        knobs = Knobs.CALM;
    }

    boolean isCalm() {
        return knobs.equals(Knobs.CALM);
    }

    boolean has(Defect asked) {
        return defect == asked;
    }

    Choices choices() {
        return choices;
    }

    Knobs knobs() {
        return knobs;
    }

    void note(Supplier<String> what) {
        journal.note(what);
    }

    void mayCrash(CrashPoint point) {
        if (choices.chance(knobs.crash())) {
            throw new Crash(point);
        }
    }

    /** Whether an event goes astray, and will come behind later ones of its order. */
    boolean goesAstray() {
        if (choices.chance(knobs.astray())) {
            tally.count("astray");
            inOrder = false;
            return true;
        }
        return false;
    }

    /** Whether all events of an order must have been heard in the order in which they were told. */
    boolean keptOrder() {
        return inOrder;
    }

    /** When something that is sent now arrives. */
    long arrival(long now) {
        if (choices.chance(knobs.late())) {
            tally.count("delayed");
            return now + choices.oneOf(DELAYS);
        }
        return now;
    }
}
