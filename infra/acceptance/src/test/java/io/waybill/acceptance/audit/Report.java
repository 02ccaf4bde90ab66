package io.waybill.acceptance.audit;

import static java.util.stream.Collectors.groupingBy;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What an audit found.
 *
 * @param figures what was counted, by the name of what
 */
public record Report(Map<String, String> figures, List<Violation> violations) {

    private static final int SHOWN = 20;

    static Report of(Books books, List<Violation> violations) {
        Map<String, String> figures = new TreeMap<>();
        figures.put(
                "orders",
                books.orders().size() + " "
                        + new TreeMap<>(
                                books.orders().stream().collect(groupingBy(OrderView::status, Collectors.counting()))));
        figures.put(
                "kept at the payment partner",
                MoneyCheck.byCurrency(books.paymentCalls()).toString());
        figures.put("calls of the payment partner", "" + books.paymentCalls().size());
        figures.put("calls of the carrier", "" + books.shipmentCalls().size());
        figures.put("products", "" + books.products().size());
        books.streams()
                .forEach((context, stream) -> figures.put("events in the stream of " + context, "" + stream.size()));
        figures.put("promises", "" + books.promises().told().size());
        figures.put("rebuilt addresses", "" + books.replayed().shownBefore().size());
        return new Report(figures, violations);
    }

    public boolean isClean() {
        return violations.isEmpty();
    }

    @Override
    public String toString() {
        String counted = figures.entrySet().stream()
                .map(figure -> "%-34s %s%n".formatted(figure.getKey(), figure.getValue()))
                .collect(Collectors.joining());
        Map<Invariant, List<Violation>> found = violations.stream().collect(groupingBy(Violation::invariant));
        String verdicts = Arrays.stream(Invariant.values())
                .map(invariant -> "%-8s %s%n"
                        .formatted(
                                verdict(found.getOrDefault(invariant, List.of()).size()), invariant))
                .collect(Collectors.joining());
        String worst = violations.stream()
                .sorted(Comparator.comparing(Violation::invariant))
                .limit(SHOWN)
                .map(violation -> "  " + violation + System.lineSeparator())
                .collect(Collectors.joining());
        return counted + verdicts + worst;
    }

    private static String verdict(int violations) {
        return violations == 0 ? "true" : violations + " x";
    }
}
