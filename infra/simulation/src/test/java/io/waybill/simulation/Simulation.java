package io.waybill.simulation;

import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Plays runs by their seeds, and tells the story of the first that fails as shortly as it can. */
final class Simulation {

    /** A run that ended as it must not. */
    record Failure(long seed, int choices, int fewest, String story) {}

    private final Tally tally = new Tally();
    private final World world;
    private long runs;
    private long steps;
    private long orders;

    Simulation(Defect defect) {
        world = new World(defect, tally);
    }

    /** The first failure among so many runs. */
    Optional<Failure> play(long firstSeed, int number) {
        OptionalLong failing = firstFailing(firstSeed, number);
        return failing.isPresent() ? Optional.of(explain(failing.getAsLong())) : Optional.empty();
    }

    OptionalLong firstFailing(long firstSeed, int number) {
        for (long seed = firstSeed; seed < firstSeed + number; seed++) {
            if (play(Choices.drawn(seed), Journal.off()) != null) {
                return OptionalLong.of(seed);
            }
        }
        return OptionalLong.empty();
    }

    /** What happened in a run, line by line, whether it failed or not. */
    Journal tell(long seed) {
        Journal journal = Journal.kept();
        Violation violation = play(Choices.drawn(seed), journal);
        if (violation != null) {
            journal.note(violation::toString);
        }
        return journal;
    }

    private @Nullable Violation play(Choices choices, Journal journal) {
        try {
            World.Outcome outcome = world.play(choices, journal);
            runs++;
            steps += outcome.steps();
            orders += outcome.orders();
            return null;
        } catch (Violation violation) {
            return violation;
        }
    }

    private Failure explain(long seed) {
        Choices drawn = Choices.drawn(seed);
        Violation found = play(drawn, Journal.off());
        int[] choices = drawn.taken();
        int[] fewest = Shrinker.shrink(choices, fewer -> play(Choices.given(fewer), Journal.off()) != null);
        Journal journal = Journal.kept();
        Violation violation = play(Choices.given(fewest), journal);
        if (found == null || violation == null) {
            throw new IllegalStateException("what failed with seed " + seed + " does not fail again");
        }
        String story = "Seed " + seed + " fails: " + found.getMessage() + "\nSimplified to " + fewest.length + " of "
                + choices.length
                + " choices, this is what happens:\n" + String.join("\n", journal.lines())
                + "\nand then: " + violation.getMessage() + "\nThe whole of it again: mvn verify -pl infra/simulation"
                + " -am -Dtest=SimulationTest -Dsurefire.failIfNoSpecifiedTests=false -Dwaybill.simulation.seed=" + seed
                + " -Dwaybill.simulation.runs=1";
        return new Failure(seed, choices.length, fewest.length, story);
    }

    Tally tally() {
        return tally;
    }

    String summary() {
        return runs + " runs of " + orders + " orders in " + steps + " steps: " + tally.startingWith("crash ")
                + " crashes, " + (tally.of("duplicated") + tally.of("redelivered")) + " duplicates, "
                + (tally.of("dropped") + tally.of("parked")) + " drops, " + tally.of("unconfirmed")
                + " confirms lost, " + tally.of("delayed") + " delays, "
                + (tally.of("call lost") + tally.of("call delayed") + tally.of("answer lost"))
                + " calls of partners unanswered, " + tally.of("frozen") + " leases lost";
    }
}
