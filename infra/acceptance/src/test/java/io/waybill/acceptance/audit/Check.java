package io.waybill.acceptance.audit;

import java.util.stream.Stream;

/** Looks for violations in the books. */
@FunctionalInterface
interface Check {

    Stream<Violation> violations(Books books);
}
