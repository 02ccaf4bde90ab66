package io.waybill.security;

import io.waybill.security.ApiDocument.ApiOperation;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.http.server.PathContainer;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;

/** The rule of every method of every path, as the documents declare them. Whatever is not in it has no rule. */
public final class AccessTable {

    /** A path, and the rule of each of its methods. */
    private record Row(PathPattern path, Map<String, Access> methods) {}

    private final List<Row> rows;

    private AccessTable(List<Row> rows) {
        this.rows = rows;
    }

    public static AccessTable of(Collection<ApiDocument> documents) {
        // The most specific path first.
        Map<PathPattern, Map<String, Access>> rules = new TreeMap<>();
        for (ApiDocument document : documents) {
            for (ApiOperation operation : document.operations()) {
                rules.computeIfAbsent(
                                PathPatternParser.defaultInstance.parse(operation.path()), path -> new HashMap<>())
                        .putIfAbsent(operation.method(), operation.access());
            }
        }
        return new AccessTable(rules.entrySet().stream()
                .map(rule -> new Row(rule.getKey(), rule.getValue()))
                .toList());
    }

    /** The rule of the most specific path that matches; none where nothing was declared. HEAD is a GET. */
    public Optional<Access> find(String method, PathContainer path) {
        String declared = method.equals("HEAD") ? "GET" : method;
        for (Row row : rows) {
            if (row.path().matches(path)) {
                return Optional.ofNullable(row.methods().get(declared));
            }
        }
        return Optional.empty();
    }
}
