package io.waybill.security;

import io.waybill.security.ApiDocument.ApiOperation;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** The rule of every method of every path, as the documents declare them. Whatever is not in it has no rule. */
public final class AccessTable {

    private record Row(String method, PathPattern path, Access access) {}

    private final List<Row> rows;

    private AccessTable(List<Row> rows) {
        this.rows = rows;
    }

    public static AccessTable of(Collection<ApiDocument> documents) {
        return new AccessTable(documents.stream()
                .flatMap(document -> document.operations().stream())
                .map(AccessTable::row)
                .sorted(Comparator.comparing(Row::path))
                .toList());
    }

    /** The rule of the most specific path that matches; none where nothing was declared. HEAD is a GET. */
    public Optional<Access> find(String method, PathContainer path) {
        String declared = method.equals("HEAD") ? "GET" : method;
        return rows.stream()
                .filter(row -> row.path().matches(path))
                .findFirst()
                .flatMap(best -> rows.stream()
                        .filter(row ->
                                row.path().equals(best.path()) && row.method().equals(declared))
                        .map(Row::access)
                        .findFirst());
    }

    private static Row row(ApiOperation operation) {
        return new Row(
                operation.method(), PathPatternParser.defaultInstance.parse(operation.path()), operation.access());
    }
}
