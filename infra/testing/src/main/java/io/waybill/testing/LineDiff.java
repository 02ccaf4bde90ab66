package io.waybill.testing;

import java.util.List;

/** What to take away ({@code -}) and to add ({@code +}) to come from one text to another, by longest common lines. */
final class LineDiff {

    private final List<String> before;
    private final List<String> after;
    private final int[][] common;

    private LineDiff(List<String> before, List<String> after) {
        this.before = before;
        this.after = after;
        this.common = new int[before.size() + 1][after.size() + 1];
        for (int i = before.size() - 1; i >= 0; i--) {
            for (int j = after.size() - 1; j >= 0; j--) {
                common[i][j] = before.get(i).equals(after.get(j))
                        ? common[i + 1][j + 1] + 1
                        : Math.max(common[i + 1][j], common[i][j + 1]);
            }
        }
    }

    static String between(String before, String after) {
        return new LineDiff(before.lines().toList(), after.lines().toList()).print();
    }

    private String print() {
        StringBuilder diff = new StringBuilder();
        int i = 0;
        int j = 0;
        while (i < before.size() || j < after.size()) {
            if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
                diff.append("  ").append(before.get(i++)).append('\n');
                j++;
            } else if (j == after.size() || (i < before.size() && common[i + 1][j] >= common[i][j + 1])) {
                diff.append("- ").append(before.get(i++)).append('\n');
            } else {
                diff.append("+ ").append(after.get(j++)).append('\n');
            }
        }
        return diff.toString();
    }
}
