// Lucene itself (Debian's `liblucene8-java`): its query parser, with what Elasticsearch's
// `query_string` adds to it (fields have types, `_exists_`, `field:*`), over one small index a query.
//
// Questions and verdicts are JSON lines, as for the other judges.

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.core.KeywordAnalyzer;
import org.apache.lucene.analysis.miscellaneous.PerFieldAnalyzerWrapper;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.DoublePoint;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.InetAddressPoint;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.Term;
import org.apache.lucene.queryparser.classic.ParseException;
import org.apache.lucene.queryparser.classic.QueryParser;
import org.apache.lucene.search.BooleanClause;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.MatchAllDocsQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.store.ByteBuffersDirectory;
import org.apache.lucene.store.Directory;

final class Lucene {
  /** All values of an event, and the names of its fields. */
  private static final String ALL = "all values", NAMES = "names of fields";

  /** Whole values, but for the fields that are analysed. */
  private static Analyzer analyzer(Map<?, ?> kinds) {
    Map<String, Analyzer> analysed = new HashMap<>();
    kinds.forEach((field, kind) -> {
      if ("analysed".equals(kind)) analysed.put((String) field, new StandardAnalyzer());
    });
    return new PerFieldAnalyzerWrapper(new KeywordAnalyzer(), analysed);
  }

  /** Lucene's parser for fields with types. */
  private static final class Parser extends QueryParser {
    private final Map<?, ?> kinds;

    Parser(Map<?, ?> kinds) {
      super(ALL, analyzer(kinds));
      this.kinds = kinds;
      setAllowLeadingWildcard(true);
    }

    private static Query exists(String field) {
      return new TermQuery(new Term(NAMES, field));
    }

    private Query typed(String field, String text) throws ParseException {
      try {
        if (text.contains("/")) {
          String[] parts = text.split("/");
          return InetAddressPoint.newPrefixQuery(
              field, InetAddress.getByName(parts[0]), Integer.parseInt(parts[1]));
        }
        return InetAddressPoint.newExactQuery(field, InetAddress.getByName(text));
      } catch (java.net.UnknownHostException error) {
        throw new ParseException(text + " is no address");
      }
    }

    @Override
    protected Query getFieldQuery(String field, String text, boolean quoted) throws ParseException {
      if (field.equals("_exists_")) return exists(text);
      if ("ip".equals(kinds.get(field))) return typed(field, text);
      if (!quoted && (text.startsWith(">") || text.startsWith("<"))) {
        boolean inclusive = text.startsWith("=", 1);
        String bound = text.substring(inclusive ? 2 : 1);
        return text.charAt(0) == '>'
            ? getRangeQuery(field, bound, null, inclusive, true)
            : getRangeQuery(field, null, bound, true, inclusive);
      }
      if ("number".equals(kinds.get(field))) {
        return DoublePoint.newExactQuery(field, Double.parseDouble(text));
      }
      return super.getFieldQuery(field, text, quoted);
    }

    @Override
    protected Query getWildcardQuery(String field, String text) throws ParseException {
      if (!text.equals("*")) return super.getWildcardQuery(field, text);
      return field.equals("*") || field.equals(ALL) ? new MatchAllDocsQuery() : exists(field);
    }

    /** Elasticsearch gives a group of negations something to negate. */
    @Override
    protected Query getBooleanQuery(List<BooleanClause> clauses) throws ParseException {
      if (clauses.isEmpty() || !clauses.stream().allMatch(BooleanClause::isProhibited)) {
        return super.getBooleanQuery(clauses);
      }
      List<BooleanClause> all = new ArrayList<>(clauses);
      all.add(new BooleanClause(new MatchAllDocsQuery(), BooleanClause.Occur.MUST));
      return super.getBooleanQuery(all);
    }

    @Override
    protected Query getRangeQuery(
        String field, String low, String high, boolean fromLow, boolean toHigh)
        throws ParseException {
      if (!"number".equals(kinds.get(field))) {
        return super.getRangeQuery(field, low, high, fromLow, toHigh);
      }
      double from = low == null ? Double.NEGATIVE_INFINITY : Double.parseDouble(low);
      double to = high == null ? Double.POSITIVE_INFINITY : Double.parseDouble(high);
      return DoublePoint.newRangeQuery(
          field,
          low == null || fromLow ? from : Math.nextUp(from),
          high == null || toHigh ? to : Math.nextDown(to));
    }
  }

  private static void add(Document document, String field, Object value, Object kind) {
    if (value instanceof List) {
      for (Object one : (List<?>) value) add(document, field, one, kind);
    } else if (value != null && !(value instanceof Map)) {
      String text = value.toString();
      document.add(new StringField(NAMES, field, Field.Store.NO));
      document.add(new StringField(ALL, text, Field.Store.NO));
      try {
        if ("ip".equals(kind)) {
          if (text.matches("[0-9a-fA-F.:]+")) {
            document.add(new InetAddressPoint(field, InetAddress.getByName(text)));
          }
        } else if ("number".equals(kind)) {
          document.add(new DoublePoint(field, Double.parseDouble(text)));
        } else if ("analysed".equals(kind)) {
          document.add(new TextField(field, text, Field.Store.NO));
        } else {
          document.add(new StringField(field, text, Field.Store.NO));
        }
      } catch (java.net.UnknownHostException | NumberFormatException error) {
        // Elasticsearch keeps a malformed value out of the index of the field.
      }
    }
  }

  private static String verdicts(Map<?, ?> question) throws Exception {
    Map<?, ?> kinds = (Map<?, ?>) question.get("fields");
    Query query = new Parser(kinds).parse((String) question.get("query"));
    char[] verdicts = new char[((List<?>) question.get("events")).size()];
    Arrays.fill(verdicts, '0');
    try (Directory directory = new ByteBuffersDirectory()) {
      try (IndexWriter writer = new IndexWriter(directory, new IndexWriterConfig(analyzer(kinds)))) {
        for (Object event : (List<?>) question.get("events")) {
          Document document = new Document();
          document.add(new StringField("any document", "", Field.Store.NO));
          ((Map<?, ?>) event).forEach((key, value) -> add(document, (String) key, value, kinds.get(key)));
          writer.addDocument(document);
        }
      }
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        // Documents of one segment are numbered as they came.
        TopDocs found = new IndexSearcher(reader).search(query, verdicts.length);
        for (ScoreDoc document : found.scoreDocs) verdicts[document.doc] = '1';
      }
    }
    return new String(verdicts);
  }

  /** As much of JSON as questions need. Numbers stay texts. */
  private static final class Json {
    private final String text;
    private int at;

    Json(String text) {
      this.text = text;
    }

    private char next() {
      while (Character.isWhitespace(text.charAt(at))) at++;
      return text.charAt(at);
    }

    Object value() {
      switch (next()) {
        case '{': {
          Map<String, Object> members = new LinkedHashMap<>();
          for (at++; next() != '}'; ) {
            if (next() == ',') at++;
            next();
            String key = string();
            next();
            at++;
            members.put(key, value());
          }
          at++;
          return members;
        }
        case '[': {
          List<Object> items = new ArrayList<>();
          for (at++; next() != ']'; ) {
            if (next() == ',') at++;
            items.add(value());
          }
          at++;
          return items;
        }
        case '"':
          return string();
        default: {
          int start = at;
          while (at < text.length() && ",]} \n".indexOf(text.charAt(at)) < 0) at++;
          String word = text.substring(start, at);
          return word.equals("null") ? null : word;
        }
      }
    }

    private String string() {
      StringBuilder out = new StringBuilder();
      for (at++; text.charAt(at) != '"'; at++) {
        char letter = text.charAt(at);
        if (letter == '\\') {
          letter = text.charAt(++at);
          if (letter == 'u') {
            letter = (char) Integer.parseInt(text.substring(at + 1, at + 5), 16);
            at += 4;
          } else {
            int known = "nrtbf".indexOf(letter);
            letter = known < 0 ? letter : "\n\r\t\b\f".charAt(known);
          }
        }
        out.append(letter);
      }
      at++;
      return out.toString();
    }
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (char letter : text.toCharArray()) {
      if (letter < ' ' || letter == '"' || letter == '\\' || letter > '~') {
        out.append(String.format("\\u%04x", (int) letter));
      } else {
        out.append(letter);
      }
    }
    return out.append('"').toString();
  }

  public static void main(String[] arguments) throws Exception {
    BooleanQuery.setMaxClauseCount(1_000_000);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    PrintStream out = new PrintStream(System.out, false, "UTF-8");
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      Map<?, ?> question = (Map<?, ?>) new Json(line).value();
      String answer;
      try {
        answer = "\"verdicts\":\"" + verdicts(question) + '"';
      } catch (Exception | StackOverflowError error) {
        String message = error.toString().replace('\n', ' ');
        answer = "\"error\":" + quoted(message.substring(0, Math.min(300, message.length())));
      }
      out.println("{\"id\":" + question.get("id") + ',' + answer + '}');
    }
    out.flush();
  }
}
