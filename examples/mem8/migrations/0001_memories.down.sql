DROP TABLE memory_keywords;
DROP TABLE memories;
